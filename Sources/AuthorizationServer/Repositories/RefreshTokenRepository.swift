import MariaDB

/// The table `oauth_refresh_tokens`, which is Passport's.
struct RefreshTokenRepository {
    let database: Connection

    init(_ database: Connection) {
        self.database = database
    }

    /// Adds a token.
    func store(_ id: RefreshToken.ID, accessToken: AccessToken, family: RefreshFamily) throws(DatabaseError) {
        try database.execute(
            "INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id) VALUES (?, ?, 0, ?, ?)",
            id, accessToken.id, family.expiresAt, family.id)
    }

    /// The token with this id and its family, in whatever state, locked until the transaction ends.
    ///
    /// One that Passport made has no family and is not ours to rotate.
    func lock(_ id: RefreshToken.ID) throws(DatabaseError) -> RefreshToken? {
        let row = try database.row(
            """
            SELECT r.revoked, r.rotated_at,
                f.id AS family_id, f.user_id, f.client_id, f.grant_type, f.scopes, f.revoked AS family_revoked, f.expires_at AS family_expires_at,
                f.last_used_at
            FROM oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id WHERE r.id = ? FOR UPDATE
            """, id)
        guard let row else { return nil }
        let family = RefreshFamily(
            id: RefreshFamily.ID(try row.text("family_id")), userID: User.ID(try row.text("user_id")), clientID: Client.ID(try row.text("client_id")),
            grantType: GrantType(rawValue: try row.text("grant_type")) ?? .authorizationCode, scopes: [String](storedAs: try row.text("scopes")),
            isRevoked: try row.flag("family_revoked"), expiresAt: try row.time("family_expires_at"),
            lastUsedAt: try row.optionalTime("last_used_at"))
        return RefreshToken(id: id, family: family, isRevoked: try row.flag("revoked"), rotatedAt: try row.optionalTime("rotated_at"))
    }

    /// Uses a token up and names its successor.
    func rotate(_ id: RefreshToken.ID, to successor: RefreshToken.ID, now: Timestamp) throws(DatabaseError) {
        try database.execute(
            "UPDATE oauth_refresh_tokens SET revoked = 1, rotated_at = ?, successor_id = ? WHERE id = ? AND revoked = 0", now, successor, id)
    }

    /// Whether a token exists and nobody has used it.
    func isUnused(_ id: RefreshToken.ID) throws(DatabaseError) -> Bool {
        try database.row("SELECT 1 FROM oauth_refresh_tokens WHERE id = ? AND revoked = 0", id) != nil
    }
}
