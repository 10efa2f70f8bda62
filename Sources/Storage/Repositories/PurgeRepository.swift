package import MariaDB

/// The deletion of rows that can never be used again, one batch at a time.
package struct PurgeRepository {
    /// The largest number of rows that one statement deletes.
    ///
    /// A larger batch would make others wait.
    package static let largestBatch = 1000
    /// The smallest number of rows for which a statement is worth its cost.
    package static let smallestBatch = 50

    let database: Connection

    /// Creates a repository that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// A kind of dead rows: their table, and the column with the time of their end.
    package struct Kind: Sendable {
        package let table: Table
        /// The column, which has an index.
        package var end: SQL = "expires_at"
        /// The number of seconds for which a row is kept after its end.
        package var keptFor = 0

        /// The name of the table.
        package var name: String { table.description }
    }

    /// Returns every kind of dead rows.
    ///
    /// Used codes and rotated refresh tokens expire with their family, because their second use
    /// must end the family. Events of the audit trail expire after `auditRetention` days.
    ///
    /// The oldest access token that belongs to a live refresh token of Passport is kept, and so are
    /// all newer access tokens. Only the row of the access token says to which user the refresh
    /// token belongs, and a password change must end the refresh token.
    package func kinds(auditRetention: Int, now: Timestamp) throws(DatabaseError) -> [Kind] {
        var accessTokens = Kind(table: .accessTokens)
        if let oldest = try oldestBesidePassports(now: now) { accessTokens.keptFor = Int(now.seconds - oldest.seconds) }
        let auditEvents = Kind(table: .auditEvents, end: "occurred_at", keptFor: auditRetention * 86_400)
        return [accessTokens] + Self.others.map { Kind(table: $0) } + (auditRetention > 0 ? [auditEvents] : [])
    }

    /// Returns the earliest expiry of the expired access tokens that belong to a live refresh token
    /// of Passport.
    private func oldestBesidePassports(now: Timestamp) throws(DatabaseError) -> Timestamp? {
        try database.row(
            """
            SELECT MIN(t.expires_at) AS oldest FROM \(.refreshTokens) r
                JOIN \(.accessTokens) t ON \(.accessTokens, "t.id", joins: "r.access_token_id")
            WHERE r.family_id IS NULL AND r.revoked = 0 AND r.expires_at > \(now) AND t.expires_at < \(now)
            """
        )?.optionalTime("oldest")
    }

    private static let others: [Table] = [
        .refreshTokens, .authorizationCodes, .refreshFamilies, .pendingAuthorizations, .sessions, .replays,
        .knownNetworks, .cache,
    ]

    /// Returns how many rows of a kind are dead.
    package func count(_ kind: Kind, now: Timestamp) throws(DatabaseError) -> Int {
        try database.row("SELECT COUNT(*) AS dead FROM \(kind.table) WHERE \(kind.end) < \(now - kind.keptFor)")?
            .integer("dead") ?? 0
    }

    /// Deletes a batch and returns the number of deleted rows, which is 0 when no rows are left.
    package func deleteBatch(_ kind: Kind, of rows: Int, now: Timestamp) throws(DatabaseError) -> Int {
        try database.execute(
            "DELETE FROM \(kind.table) WHERE \(kind.end) < \(now - kind.keptFor) ORDER BY \(kind.end) LIMIT \(rows)")
    }
}
