import Cryptography
package import MariaDB

/// The table `oauth_replays`: markers that may be used only once, such as the `jti` of an
/// assertion.
///
/// No route empties the table.
package struct ReplayRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Records that a marker of a kind is used.
    ///
    /// Returns `true` to only one of any number of attempts. The marker is stored until the time
    /// after which nothing accepts it.
    package func use(_ marker: String, of kind: String, until expiresAt: Timestamp) throws(DatabaseError) -> Bool {
        let id = Digest.hexadecimal("\(kind) \(marker)")
        do {
            try database.execute("INSERT INTO \(.replays) (id, expires_at) VALUES (\(id), \(expiresAt))")
            return true
        } catch {
            guard error.isDuplicateKey else { throw error }
            return false
        }
    }
}
