public import MariaDB

/// What belongs to one thread: its connection, and the tokens whose signatures it has verified.
public final class Worker {
    let database: Connection
    var verified = VerifiedTokens()

    /// A worker on a connection that nobody else uses.
    public init(_ database: Connection) {
        self.database = database
    }
}
