import DevelopmentStack

/// Rows as Consulate writes them, made by MariaDB itself, many at a time.
struct Rows {
    let mariaDB: PrivateMariaDB
    let instance: Instance

    /// The verifier of every code, and its challenge (RFC 7636, appendix B).
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    /// Codes `code-0`, `code-1`, … of the user, for the web client.
    func addCodes(_ count: Int) throws {
        try query(
            """
            INSERT INTO oauth_auth_codes (id, user_id, client_id, scopes, revoked, expires_at, redirect_uri, code_challenge, family_id)
            SELECT SHA2(CONCAT('code-', seq), 256), \(instance.user), '\(instance.web.id)', '["place-orders"]', 0, UTC_TIMESTAMP() + INTERVAL 1 DAY,
                'https://shop.example/callback', '\(Self.challenge)', MD5(CONCAT('code family ', seq))
            FROM seq_0_to_\(count - 1)
            """)
    }

    /// Families with an access token and a refresh token each, `refresh-0`, `refresh-1`, …, of the user and the web client.
    func addRefreshTokens(_ count: Int) throws {
        try query(
            """
            INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, created_at, expires_at)
            SELECT MD5(CONCAT('family ', seq)), '\(instance.user)', '\(instance.web.id)', 'authorization_code', '["place-orders"]',
                UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 30 DAY
            FROM seq_0_to_\(count - 1);
            INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at, expires_at, grant_type, family_id)
            SELECT CONCAT('0190', LPAD(HEX(seq), 40, '0')), \(instance.user), '\(instance.web.id)', '["place-orders"]', 0,
                UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR, 'authorization_code', MD5(CONCAT('family ', seq))
            FROM seq_0_to_\(count - 1);
            INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id)
            SELECT SHA2(CONCAT('refresh-', seq), 256), CONCAT('0190', LPAD(HEX(seq), 40, '0')), 0, UTC_TIMESTAMP() + INTERVAL 30 DAY,
                MD5(CONCAT('family ', seq))
            FROM seq_0_to_\(count - 1)
            """)
    }

    private func query(_ sql: String) throws {
        try mariaDB.query("SET time_zone = '+00:00'; " + sql, database: instance.database)
    }
}
