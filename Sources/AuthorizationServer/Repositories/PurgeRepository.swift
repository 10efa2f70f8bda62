public import MariaDB

/// Deletes what can never be used again, a batch of rows at a time.
public struct PurgeRepository {
    /// The most rows that one statement deletes: more would make others wait.
    public static let largestBatch = 1000
    /// The least that is worth a statement.
    public static let smallestBatch = 50

    let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// A kind of dead row: where it lies, how many there are, and how a batch of them goes.
    public struct Kind: Sendable {
        public let table: String
        /// For how many seconds it is kept after it is dead.
        public var keptFor = 0
        let count: SQL
        let delete: SQL
    }

    /// Every kind; used codes and rotated refresh tokens expire with their family, since reusing them must end it, and the audit trail has an age.
    ///
    /// Access tokens are kept from the oldest on that a refresh token of Passport's was issued with: its row alone says whose that is, and a changed password must end it.
    public func kinds(_ settings: Settings, now: Timestamp) throws(DatabaseError) -> [Kind] {
        var (accessTokens, auditEvents) = (Self.accessTokens, Self.auditEvents)
        if let oldest = try oldestBesidePassports(now: now) { accessTokens.keptFor = Int(now.seconds - oldest.seconds) }
        auditEvents.keptFor = settings.auditRetention * 86_400
        return [accessTokens] + Self.kinds + (settings.auditRetention > 0 ? [auditEvents] : [])
    }

    /// When the first access token expired whose refresh token, of Passport's own, lives.
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

    /// How many rows of a kind are dead.
    public func count(_ kind: Kind, now: Timestamp) throws(DatabaseError) -> Int {
        try database.row(kind.count, now - kind.keptFor)?.integer("dead") ?? 0
    }

    /// Deletes a batch, and says how many rows it had; 0 when there is nothing left.
    public func deleteBatch(_ kind: Kind, of rows: Int, now: Timestamp) throws(DatabaseError) -> Int {
        try database.execute(kind.delete, now - kind.keptFor, rows)
    }
}
