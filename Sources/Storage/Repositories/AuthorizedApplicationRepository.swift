package import MariaDB

/// The applications that users have authorized: families, and tokens without a family.
///
/// Passport and the implicit grant issue tokens without a family.
package struct AuthorizedApplicationRepository {
    let database: Connection

    /// Creates a repository that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Returns the third-party applications that may act for a user, sorted by name.
    ///
    /// Consents with the same scopes are one row, because a user who signs in to an application
    /// every day has many consents. The grouped columns have a limited length, so that MariaDB
    /// groups in memory. Tokens without a family are found by their user. With `IS NULL`, MariaDB
    /// could find the tokens of all users by the index on families.
    package func activeForUser(_ user: User, limit: Int, offset: Int, now: Timestamp) throws(DatabaseError)
        -> [AuthorizedApplication]
    {
        let consents = try database.rows(
            """
            SELECT c.id, c.name, s.scopes, g.created_at, g.last_used_at
            FROM (
                SELECT f.client_id, MIN(f.created_at) AS created_at,
                    MAX(COALESCE(f.last_used_at, f.created_at)) AS last_used_at, MIN(f.id) AS sample
                FROM \(.refreshFamilies) f WHERE f.user_id = \(user.id) AND f.revoked = 0 AND f.expires_at > \(now)
                    GROUP BY f.client_id, UNHEX(MD5(f.scopes))
            ) g JOIN \(.clients) c ON \(.clients, "c.id", joins: "g.client_id") JOIN \(.refreshFamilies) s
                ON s.id = g.sample
            WHERE c.revoked = 0 AND \(.isThirdParty)
            """
        ).map(AuthorizedApplication.init)
        let tokens = try database.rows(
            """
            SELECT c.id, c.name, s.scopes, g.created_at, g.last_used_at
            FROM (
                SELECT t.client_id, MIN(COALESCE(t.created_at, t.expires_at)) AS created_at,
                    MAX(COALESCE(t.last_used_at, t.created_at, t.expires_at)) AS last_used_at, MIN(t.id) AS sample
                FROM \(.accessTokens) t WHERE t.user_id = \(user.id) AND COALESCE(t.family_id, '') = ''
                    AND t.revoked = 0 AND (t.expires_at > \(now) OR \(.isRefreshable(now)))
                GROUP BY t.client_id, UNHEX(MD5(t.scopes))
            ) g JOIN \(.clients) c ON \(.clients, "c.id", joins: "g.client_id") JOIN \(.accessTokens) s
                ON \(.accessTokens, "s.id", joins: "g.sample")
            WHERE c.revoked = 0 AND c.personal_access_client = 0 AND c.password_client = 0 AND \(.isThirdParty)
            """
        ).map(AuthorizedApplication.init)
        let applications = Dictionary(grouping: consents + tokens, by: \.clientID).values.compactMap(Self.joined).sorted
        {
            ($0.name, $0.clientID.rawValue) < ($1.name, $1.clientID.rawValue)
        }
        return Array(applications.dropFirst(offset).prefix(limit))
    }

    private static func joined(_ consents: [AuthorizedApplication]) -> AuthorizedApplication? {
        let consents = consents.sorted { $0.since < $1.since }
        guard let first = consents.first else { return nil }
        var scopes: [String] = []
        for scope in consents.flatMap(\.scopes) where !scopes.contains(scope) { scopes.append(scope) }
        return AuthorizedApplication(
            clientID: first.clientID, name: first.name, scopes: scopes, since: first.since,
            lastUsedAt: consents.map(\.lastUsedAt).max() ?? first.lastUsedAt)
    }

    /// Revokes everything that a user granted to a client, on every device, and returns whether
    /// anything was revoked.
    ///
    /// Locks the families and Passport's tokens without a family first. A code that is issued
    /// without a consent page depends on one of these rows. So this code is either already stored
    /// and found here, or its transaction finds the row revoked. Then revokes the codes, the
    /// families and their tokens. A concurrent redemption or refresh has either stored its tokens,
    /// which are found here, or it finds its code or its family revoked.
    @discardableResult
    package func revoke(_ client: Client.ID, of user: User.ID, in change: Change) throws(DatabaseError) -> Bool {
        _ = try database.rows(
            """
            SELECT id FROM \(.refreshFamilies) WHERE user_id = \(user) AND client_id = \(client)
                AND revoked = 0 FOR UPDATE
            """
        )
        _ = try database.rows(
            """
            SELECT id FROM \(.accessTokens) WHERE user_id = \(user) AND client_id = \(client)
                AND COALESCE(family_id, '') = ''
                AND revoked = 0
            FOR UPDATE
            """
        )
        let codes = try database.execute(
            """
            UPDATE \(.authorizationCodes) SET revoked = 1 WHERE user_id = \(user) AND client_id = \(client)
                AND revoked = 0
            """
        )
        let refreshTokens = try database.execute(
            """
            UPDATE \(.refreshTokens) r JOIN \(.accessTokens) t
                ON \(.refreshTokens, "r.access_token_id", joins: "t.id")
            SET r.revoked = 1 WHERE t.user_id = \(user) AND t.client_id = \(client) AND t.family_id IS NULL
                AND r.family_id IS NULL AND r.revoked = 0
            """
        )
        let families = try database.execute(
            """
            UPDATE \(.refreshFamilies) SET revoked = 1 WHERE user_id = \(user) AND client_id = \(client)
                AND revoked = 0
            """
        )
        try database.execute(
            """
            UPDATE \(.refreshTokens) r JOIN \(.refreshFamilies) f ON f.id = r.family_id
            SET r.revoked = 1 WHERE f.user_id = \(user) AND f.client_id = \(client) AND r.revoked = 0
            """
        )
        let tokens = try database.execute(
            """
            UPDATE \(.accessTokens) SET revoked = 1, updated_at = \(change.now) WHERE user_id = \(user)
                AND client_id = \(client) AND revoked = 0
            """
        )
        return codes + refreshTokens + families + tokens > 0
    }
}

extension AuthorizedApplication {
    package init(_ row: Row) throws(DatabaseError) {
        let since = try row.time("created_at")
        self.init(
            clientID: Client.ID(try row.text("id")), name: try row.text("name"),
            scopes: [String](storedAs: try row.optionalText("scopes") ?? "[]"),
            since: since, lastUsedAt: try row.optionalTime("last_used_at") ?? since)
    }
}
