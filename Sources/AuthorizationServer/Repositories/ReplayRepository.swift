import Cryptography
public import MariaDB

/// The table `oauth_replays`: markers that may be used once, such as the `jti` of an assertion.
///
/// No route empties it.
public struct ReplayRepository {
    let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// Uses a marker of a kind; of any number of attempts one is told `true`.
    ///
    /// The marker is remembered until the time at which nothing accepts it any more.
    public func use(_ marker: String, of kind: String, until expiresAt: Timestamp) throws(DatabaseError) -> Bool {
        do {
            try database.execute(
                "INSERT INTO oauth_replays (id, expires_at) VALUES (?, ?)", Digest.hexadecimal("\(kind) \(marker)"),
                expiresAt)
            return true
        } catch {
            guard error.isDuplicateKey else { throw error }
            return false
        }
    }
}
