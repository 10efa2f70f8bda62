public import MariaDB

/// The deletion of rows that can never be used again, one batch at a time.
public struct PurgeRepository {
    /// The largest number of rows that one statement deletes.
    ///
    /// A larger batch would make others wait.
    public static let largestBatch = 1000
    /// The smallest number of rows for which a statement is worth its cost.
    public static let smallestBatch = 50

    let database: Connection

    /// Creates a repository that uses this connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// A kind of dead rows: their table, the query that counts them, and the statement that deletes
    /// a batch of them.
    public struct Kind: Sendable {
        public let table: String
        /// The number of seconds for which a row is kept after it is dead.
        public var keptFor = 0
        let count: SQL
        let delete: SQL
    }

    /// Returns every kind of dead rows.
    ///
    /// Used codes and rotated refresh tokens expire with their family, because their second use
    /// must end the family. Events of the audit trail expire after `auditRetention` days.
    ///
    /// The oldest access token that belongs to a live refresh token of Passport is kept, and so are
    /// all newer access tokens. Only the row of the access token says to which user the refresh
    /// token belongs, and a password change must end the refresh token.
    public func kinds(_ settings: Settings, now: Timestamp) throws(DatabaseError) -> [Kind] {
        var (accessTokens, auditEvents) = (Self.accessTokens, Self.auditEvents)
        if let oldest = try oldestBesidePassports(now: now) { accessTokens.keptFor = Int(now.seconds - oldest.seconds) }
        auditEvents.keptFor = settings.auditRetention * 86_400
        return [accessTokens] + Self.kinds + (settings.auditRetention > 0 ? [auditEvents] : [])
    }

    /// Returns the earliest expiry of the expired access tokens that belong to a live refresh token
    /// of Passport.
    private func oldestBesidePassports(now: Timestamp) throws(DatabaseError) -> Timestamp? {
        try database.row(
            """
            SELECT MIN(t.expires_at) AS oldest FROM oauth_refresh_tokens r
                JOIN oauth_access_tokens t ON t.id = r.access_token_id
            WHERE r.family_id IS NULL AND r.revoked = 0 AND r.expires_at > ? AND t.expires_at < ?
            """, now, now)?.optionalTime("oldest")
    }

    private static let auditEvents = Kind(
        table: "oauth_audit_events",
        count: "SELECT COUNT(*) AS dead FROM oauth_audit_events WHERE occurred_at < ?",
        delete: "DELETE FROM oauth_audit_events WHERE occurred_at < ? ORDER BY occurred_at LIMIT ?")

    private static let accessTokens = Kind(
        table: "oauth_access_tokens",
        count: "SELECT COUNT(*) AS dead FROM oauth_access_tokens WHERE expires_at < ?",
        delete: "DELETE FROM oauth_access_tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?")

    private static let kinds = [
        Kind(
            table: "oauth_refresh_tokens",
            count: "SELECT COUNT(*) AS dead FROM oauth_refresh_tokens WHERE expires_at < ?",
            delete: "DELETE FROM oauth_refresh_tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?"),
        Kind(
            table: "oauth_auth_codes",
            count: "SELECT COUNT(*) AS dead FROM oauth_auth_codes WHERE expires_at < ?",
            delete: "DELETE FROM oauth_auth_codes WHERE expires_at < ? ORDER BY expires_at LIMIT ?"),
        Kind(
            table: "oauth_refresh_families",
            count: "SELECT COUNT(*) AS dead FROM oauth_refresh_families WHERE expires_at < ?",
            delete: "DELETE FROM oauth_refresh_families WHERE expires_at < ? ORDER BY expires_at LIMIT ?"),
        Kind(
            table: "oauth_pending_authorizations",
            count: "SELECT COUNT(*) AS dead FROM oauth_pending_authorizations WHERE expires_at < ?",
            delete: "DELETE FROM oauth_pending_authorizations WHERE expires_at < ? ORDER BY expires_at LIMIT ?"),
        Kind(
            table: "oauth_sessions",
            count: "SELECT COUNT(*) AS dead FROM oauth_sessions WHERE expires_at < ?",
            delete: "DELETE FROM oauth_sessions WHERE expires_at < ? ORDER BY expires_at LIMIT ?"),
        Kind(
            table: "oauth_replays",
            count: "SELECT COUNT(*) AS dead FROM oauth_replays WHERE expires_at < ?",
            delete: "DELETE FROM oauth_replays WHERE expires_at < ? ORDER BY expires_at LIMIT ?"),
        Kind(
            table: "oauth_known_networks",
            count: "SELECT COUNT(*) AS dead FROM oauth_known_networks WHERE expires_at < ?",
            delete: "DELETE FROM oauth_known_networks WHERE expires_at < ? ORDER BY expires_at LIMIT ?"),
        Kind(
            table: "oauth_cache",
            count: "SELECT COUNT(*) AS dead FROM oauth_cache WHERE expires_at < ?",
            delete: "DELETE FROM oauth_cache WHERE expires_at < ? ORDER BY expires_at LIMIT ?"),
    ]

    /// Returns how many rows of a kind are dead.
    public func count(_ kind: Kind, now: Timestamp) throws(DatabaseError) -> Int {
        try database.row(kind.count, now - kind.keptFor)?.integer("dead") ?? 0
    }

    /// Deletes a batch and returns the number of deleted rows, which is 0 when no rows are left.
    public func deleteBatch(_ kind: Kind, of rows: Int, now: Timestamp) throws(DatabaseError) -> Int {
        try database.execute(kind.delete, now - kind.keptFor, rows)
    }
}
