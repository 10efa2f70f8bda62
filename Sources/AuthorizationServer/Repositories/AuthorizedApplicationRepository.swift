public import MariaDB

/// The applications that users have authorized: families, and tokens without one, which Passport and the implicit grant make.
public struct AuthorizedApplicationRepository {
    let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// The third-party applications that may act for a user, by name.
    func activeForUser(_ user: User, now: Timestamp) throws(DatabaseError) -> [AuthorizedApplication] {
        let consents = try database.rows(
            """
            SELECT c.id, c.name, f.scopes, f.created_at, f.last_used_at
            FROM oauth_refresh_families f JOIN consulate_clients c ON c.id = f.client_id
            WHERE f.user_id = ? AND f.revoked = 0 AND f.expires_at > ? AND c.revoked = 0 AND c.internal IS NULL AND COALESCE(c.first_party, 0) = 0
                AND COALESCE(c.provider, 'users') = 'users'
            """, user.id, now
        ).map(AuthorizedApplication.init)
        let tokens = try database.rows(
            """
            SELECT c.id, c.name, t.scopes, COALESCE(t.created_at, t.expires_at) AS created_at, COALESCE(t.last_used_at, t.created_at) AS last_used_at
            FROM oauth_access_tokens t JOIN consulate_clients c ON c.id = t.client_id
            WHERE t.user_id = ? AND t.family_id IS NULL AND t.revoked = 0 AND c.revoked = 0
                AND c.personal_access_client = 0 AND c.password_client = 0 AND c.internal IS NULL AND COALESCE(c.first_party, 0) = 0
                AND COALESCE(c.provider, 'users') = 'users'
                AND (t.expires_at > ? OR EXISTS (SELECT 1 FROM oauth_refresh_tokens r WHERE r.access_token_id = t.id AND r.revoked = 0 AND r.expires_at > ?))
            """, user.id, now, now
        ).map(AuthorizedApplication.init)
        return Dictionary(grouping: consents + tokens, by: \.clientID).values.compactMap(Self.joined).sorted {
            ($0.name, $0.clientID.rawValue) < ($1.name, $1.clientID.rawValue)
        }
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

    /// Takes everything back that a user gave to a client, on every device; says whether there was anything.
    ///
    /// What founds a family comes first, then the families, then their tokens: whoever is redeeming one has then either given its tokens, which are found, or finds it revoked.
    @discardableResult
    public func revoke(_ client: Client.ID, of user: User.ID, now: Timestamp) throws -> Bool {
        try database.transaction {
            try database.execute("UPDATE oauth_auth_codes SET revoked = 1 WHERE user_id = ? AND client_id = ? AND revoked = 0", user, client)
            try database.execute(
                """
                UPDATE oauth_refresh_tokens r JOIN oauth_access_tokens t ON t.id = r.access_token_id
                SET r.revoked = 1 WHERE t.user_id = ? AND t.client_id = ? AND t.family_id IS NULL AND r.family_id IS NULL AND r.revoked = 0
                """, user, client)
            let families = try database.execute(
                "UPDATE oauth_refresh_families SET revoked = 1 WHERE user_id = ? AND client_id = ? AND revoked = 0", user, client)
            try database.execute(
                """
                UPDATE oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id
                SET r.revoked = 1 WHERE f.user_id = ? AND f.client_id = ? AND r.revoked = 0
                """, user, client)
            let tokens = try database.execute(
                "UPDATE oauth_access_tokens SET revoked = 1, updated_at = ? WHERE user_id = ? AND client_id = ? AND revoked = 0", now, user, client)
            return families + tokens > 0
        }
    }
}

extension AuthorizedApplication {
    init(_ row: Row) throws(DatabaseError) {
        let since = try row.time("created_at")
        self.init(
            clientID: Client.ID(try row.text("id")), name: try row.text("name"), scopes: [String](storedAs: try row.optionalText("scopes") ?? "[]"),
            since: since, lastUsedAt: try row.optionalTime("last_used_at") ?? since)
    }
}
