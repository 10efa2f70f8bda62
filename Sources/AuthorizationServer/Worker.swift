package import MariaDB
import Storage

/// The state of one thread.
///
/// It has a connection, the tokens with verified signatures, and the events of the current request.
package final class Worker {
    let database: Connection
    var verified = VerifiedTokens()
    /// The number of queries and bodies that the worker has decoded.
    var readings = 0
    /// The events to log when the request is answered.
    var events: [AuditEvent] = []

    /// Creates a worker on a connection that no other worker uses.
    package init(_ database: Connection) {
        self.database = database
    }
}
