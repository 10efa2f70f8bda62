import HTTP
package import MariaDB

/// The table `oauth_known_networks`: the networks from which users have signed in recently.
package struct KnownNetworkRepository {
    /// The time for which a network is known, in seconds.
    private static let lifetime = 30 * 86_400

    let database: Connection

    package init(_ database: Connection) {
        self.database = database
    }

    /// Records that a user has signed in from a network.
    package func store(_ network: String, of user: User.ID, now: Timestamp) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO \(.knownNetworks) (user_id, network, expires_at)
                VALUES (\(user), \(network.truncated(to: 45)), \(now + Self.lifetime))
                    ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at)
            """
        )
    }

    /// Returns whether a user has signed in from a network within the last 30 days.
    ///
    /// Without a user, the query takes the same time.
    package func contains(_ network: String, of user: User.ID?, now: Timestamp) throws(DatabaseError) -> Bool {
        try database.row(
            """
            SELECT 1 FROM \(.knownNetworks) WHERE user_id = \(user?.rawValue ?? "")
                AND network = \(network.truncated(to: 45)) AND expires_at > \(now)
            """
        ) != nil
    }
}
