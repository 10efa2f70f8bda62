public import MariaDB

/// What belongs to one thread: its connection, the tokens whose signatures it has verified, and the events of the request in hand.
public final class Worker {
    let database: Connection
    var verified = VerifiedTokens()
    /// How many queries and bodies it has decoded.
    var readings = 0
    /// What the log is told of when the request is answered.
    var events: [AuditEvent] = []

    /// A worker on a connection that nobody else uses.
    public init(_ database: Connection) {
        self.database = database
    }
}
