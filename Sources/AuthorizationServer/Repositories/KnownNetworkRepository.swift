import MariaDB

/// The table `oauth_known_networks`: from where users have signed in lately.
struct KnownNetworkRepository {
    /// In seconds.
    private static let lifetime = 30 * 86_400

    let database: Connection

    init(_ database: Connection) {
        self.database = database
    }

    /// Notes that a user has signed in from a network.
    func store(_ network: String, of user: User.ID, now: Timestamp) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO oauth_known_networks (user_id, network, expires_at)
                VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at)
            """, user, network.truncated(to: 45), now + Self.lifetime)
    }

    /// Whether a user has signed in from a network within 30 days; without a user the question
    /// takes as long.
    func contains(_ network: String, of user: User.ID?, now: Timestamp) throws(DatabaseError) -> Bool {
        try database.row(
            "SELECT 1 FROM oauth_known_networks WHERE user_id = ? AND network = ? AND expires_at > ?",
            user?.rawValue ?? "",
            network.truncated(to: 45), now) != nil
    }
}
