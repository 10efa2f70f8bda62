import DevelopmentStack

/// Rows in Consulate's format, which MariaDB itself creates, many at a time.
struct Rows {
    let mariaDB: PrivateMariaDB
    let instance: Instance

    /// The verifier of every code and its challenge (RFC 7636, appendix B).
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    /// Adds codes `code-0`, `code-1`, … of Ada for the web client.
    func addCodes(_ count: Int) throws {
        try addCodes("SHA2(CONCAT('code-', seq), 256)", family: "MD5(CONCAT('code family ', seq))", count)
    }

    /// Adds families of Ada and the web client, with one access token and one refresh token each.
    ///
    /// The refresh tokens are `refresh-0`, `refresh-1`, …
    func addRefreshTokens(_ count: Int) throws {
        try addRefreshTokens(
            "SHA2(CONCAT('refresh-', seq), 256)", family: "MD5(CONCAT('family ', seq))",
            accessToken: "CONCAT(LPAD(seq, 32, '0'), 'a')", count)
    }

    /// Adds the rows that the limit's statements find: the same rows, with numbers as ids.
    func addForFloor(_ count: Int) throws {
        try addCodes("LPAD(seq, 32, '0')", family: "CONCAT('e', LPAD(seq, 31, '0'))", count)
        try addRefreshTokens(
            "LPAD(seq, 32, '0')", family: "LPAD(seq, 32, '0')", accessToken: "LPAD(seq, 32, '0')", count)
    }

    private func addCodes(_ id: String, family: String, _ count: Int) throws {
        try query(
            """
            INSERT INTO oauth_auth_codes (id, user_id, client_id, scopes, revoked, expires_at, redirect_uri,
                code_challenge, family_id)
            SELECT \(id), \(instance.ada), '\(instance.web.id)', '["place-orders"]', 0, NOW() + INTERVAL 1 DAY,
                'https://shop.example/callback', '\(Self.challenge)', \(family)
            FROM seq_0_to_\(count - 1)
            """)
    }

    private func addRefreshTokens(_ id: String, family: String, accessToken: String, _ count: Int) throws {
        try query(
            """
            INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, created_at, expires_at,
                last_used_at)
            SELECT \(family), '\(instance.ada)', '\(instance.web.id)', 'authorization_code', '["place-orders"]', NOW(),
                NOW() + INTERVAL 30 DAY, NOW()
            FROM seq_0_to_\(count - 1);
            INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                expires_at, grant_type, family_id)
            SELECT \(accessToken), \(instance.ada), '\(instance.web.id)', '["place-orders"]', 0, NOW(), NOW(),
                NOW() + INTERVAL 1 HOUR,
                'authorization_code', \(family)
            FROM seq_0_to_\(count - 1);
            INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id)
            SELECT \(id), \(accessToken), 0, NOW() + INTERVAL 30 DAY, \(family)
            FROM seq_0_to_\(count - 1)
            """)
    }

    /// Adds access tokens of a million users and a hundred clients, issued over a month.
    ///
    /// Also adds a tenth as many families, with their refresh tokens.
    func fill(_ count: Int) throws {
        try query(
            """
            INSERT INTO users (id, name, email, password, created_at)
                SELECT seq + 100, CONCAT('User ', seq), CONCAT('user', seq, '@example.com'), '', NOW()
            FROM seq_1_to_\(max(count / 10, 1));
            INSERT INTO oauth_clients (id, name, redirect, personal_access_client, password_client, revoked, created_at,
                updated_at)
            SELECT CONCAT('client-', seq), CONCAT('Client ', seq), '', 0, 0, 0, NOW(), NOW() FROM seq_0_to_99;
            """)
        let batch = 500_000
        for start in stride(from: 0, to: count, by: batch) {
            let end = min(start + batch, count) - 1
            let user = "100 + 1 + (seq * 7919) % \(max(count / 10, 1))"
            // The ids sort by time, like those of Random.sortableID: 48 bits of milliseconds, then
            // random bits.
            let id = "CONCAT(LPAD(HEX(\(start) * 60 + seq * 60 + 1792000000000), 12, '0'), MD5(seq))"
            try query(
                """
                INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                    expires_at, grant_type, family_id)
                SELECT LOWER(\(id)), \(user), CONCAT('client-', seq % 100), '["place-orders"]', 0,
                    NOW() - INTERVAL (\(count) - seq) SECOND,
                    NOW(), NOW() + INTERVAL (seq % 2592000) SECOND, 'authorization_code', MD5(CONCAT('filled ', seq DIV 10))
                FROM seq_\(start)_to_\(end);
                INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, created_at, expires_at)
                SELECT MD5(CONCAT('filled ', seq)), \(user), CONCAT('client-', seq % 100), 'authorization_code',
                    '["place-orders"]', NOW(), NOW() + INTERVAL 30 DAY
                FROM seq_\(start / 10)_to_\(end / 10);
                INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id)
                SELECT SHA2(CONCAT('filled ', seq), 256), MD5(seq), 0, NOW() + INTERVAL 30 DAY,
                    MD5(CONCAT('filled ', seq))
                FROM seq_\(start / 10)_to_\(end / 10)
                """)
        }
    }

    /// Adds expired tokens, with one second between their expiry times.
    func addDead(_ count: Int) throws {
        try query(
            """
            INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                expires_at, grant_type)
            SELECT CONCAT('dead', MD5(seq)), \(instance.ada), '\(instance.web.id)', '["place-orders"]', 0, NOW(), NOW(),
                NOW() - INTERVAL 1 HOUR - INTERVAL seq SECOND, 'authorization_code'
            FROM seq_0_to_\(count - 1)
            """)
    }

    /// Adds live tokens `<prefix>0`, `<prefix>1`, … of a user for the web client.
    func addTokens(_ prefix: String, _ count: Int, user: String) throws {
        try query(
            """
            INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                expires_at, grant_type)
            SELECT CONCAT('\(prefix)', seq), \(user), '\(instance.web.id)', '["place-orders"]', 0, NOW(), NOW(),
                NOW() + INTERVAL 1 DAY, 'authorization_code'
            FROM seq_0_to_\(count - 1)
            """)
    }

    /// Returns the bytes of a row of `oauth_access_tokens` and the bytes of its index entries.
    func bytesPerToken() throws -> (row: Int, indexes: Int) {
        let numbers =
            try mariaDB.query(
                """
                ANALYZE TABLE oauth_access_tokens;
                SELECT 'sizes', data_length DIV table_rows, index_length DIV table_rows FROM information_schema.tables
                WHERE table_schema = '\(instance.database)' AND table_name = 'oauth_access_tokens'
                """, database: instance.database
            ).split(separator: "\n").last?.split(separator: "\t").compactMap { Int($0) } ?? []
        guard numbers.count == 2 else { throw StackError("MariaDB does not say how large its tables are.") }
        return (numbers[0], numbers[1])
    }

    private func query(_ sql: String) throws {
        try mariaDB.query("SET time_zone = '+00:00', SESSION sql_mode = ''; " + sql, database: instance.database)
    }
}
