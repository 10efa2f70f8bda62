/// The SQL statements that the responder in C runs for each request.
///
/// Each `?` in a statement is the request's number.
struct Floor: Sendable {
    let name: String
    var database = "floor"
    /// The number of requests after which the numbering from 0 starts again.
    var numbers = 1_000_000_000
    var statements: [String] = []

    // MARK: The limits of the targets

    static let nothing = Floor(name: "C, nothing")
    static let select = Floor(
        name: "C, one SELECT", numbers: seenRows, statements: ["SELECT client, scopes, expires FROM seen WHERE id = ?"])
    static let insert = Floor(name: "C, one INSERT", statements: [add("issued")])
    static let transaction = Floor(
        name: "C, two INSERTs", statements: ["START TRANSACTION", add("both_issued"), add("refreshed"), "COMMIT"])

    private static let seenRows = 100_000

    private static func add(_ table: String) -> String {
        "INSERT INTO \(table) (id, client, scopes, expires) VALUES (?, 'client01', 'read write profile x', 1800000000)"
    }

    /// The SQL that creates the tables of these four floors.
    static let tables: String = {
        let columns =
            "(id BINARY(32) PRIMARY KEY, client CHAR(8) NOT NULL, scopes VARCHAR(100) NOT NULL, expires BIGINT NOT NULL)"
        let tables = ["seen", "issued", "both_issued", "refreshed"].map { "CREATE TABLE \($0) \(columns);" }.joined(
            separator: "\n")
        return """
            CREATE DATABASE floor;
            USE floor;
            \(tables)
            INSERT INTO seen SELECT LPAD(seq, 32, '0'), 'client01', 'read write profile x', 1800000000
                FROM seq_0_to_\(seenRows - 1);
            """
    }()

    // MARK: Consulate's own statements, to show what Swift adds (rows: `Rows.addForFloor`)

    static func check(_ instance: Instance, rows: Int) -> Floor {
        Floor(name: "C, the check's SELECT", database: instance.database, numbers: rows, statements: [findActive])
    }

    static func issue(_ instance: Instance) -> Floor {
        Floor(
            name: "C, issuing's 2 statements", database: instance.database,
            statements: [
                find(instance.machine), store("CONCAT('i', ?)", user: "NULL", family: "NULL", instance.machine),
            ])
    }

    static func exchange(_ instance: Instance) -> Floor {
        let family = "CONCAT('e', SUBSTR(?, 2))"
        return Floor(
            name: "C, exchange's 3 statements", database: instance.database,
            statements: [
                find(instance.web),
                """
                SELECT a.id, a.user_id, a.client_id, a.scopes, a.revoked, a.expires_at, a.redirect_uri,
                    a.code_challenge, a.family_id
                FROM oauth_auth_codes a JOIN users u ON u.id = a.user_id WHERE a.id = ? AND a.family_id IS NOT NULL
                """,
                """
                BEGIN NOT ATOMIC
                    START TRANSACTION;
                    UPDATE oauth_auth_codes SET revoked = 1, expires_at = NOW() + INTERVAL 30 DAY
                        WHERE id = ? AND revoked = 0;
                    IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31000; END IF;
                    INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, revoked, created_at,
                        expires_at, last_used_at)
                    VALUES (\(family), \(instance.ada), '\(instance.web.id)', 'authorization_code', '["place-orders"]',
                        0, NOW(), NOW(), NOW());
                    \(store("CONCAT('e', ?)", user: instance.ada, family: family, instance.web));
                    \(storeRefreshToken("CONCAT('e', ?)", family: family));
                    COMMIT;
                END
                """,
            ])
    }

    static func refresh(_ instance: Instance) -> Floor {
        Floor(
            name: "C, refresh's 3 statements", database: instance.database,
            statements: [
                find(instance.web),
                """
                SELECT r.id, r.revoked, r.rotated_at, u.id AS found_user_id,
                    f.id AS family_id, f.user_id, f.client_id, f.grant_type, f.scopes, f.revoked AS family_revoked, f.expires_at AS family_expires_at
                FROM oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id
                    JOIN users u ON u.id = f.user_id WHERE r.id = ?
                """,
                """
                BEGIN NOT ATOMIC
                    START TRANSACTION;
                    UPDATE oauth_refresh_families SET last_used_at = NOW() WHERE id = ? AND revoked = 0;
                    IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31000; END IF;
                    UPDATE oauth_refresh_tokens SET revoked = 1, rotated_at = NOW(), successor_id = CONCAT('s', ?)
                        WHERE id = ? AND revoked = 0;
                    IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31000; END IF;
                    UPDATE oauth_access_tokens SET revoked = 1, updated_at = NOW() WHERE family_id = ? AND revoked = 0;
                    \(store("CONCAT('s', ?)", user: instance.ada, family: "?", instance.web));
                    \(storeRefreshToken("CONCAT('s', ?)", family: "?"));
                    COMMIT;
                END
                """,
            ])
    }

    private static let findActive = """
        SELECT t.id, t.user_id, t.client_id, t.name, t.scopes, t.revoked, t.created_at, t.updated_at, t.expires_at,
            t.grant_type, t.family_id,
            t.last_used_at, c.internal, c.revoked AS client_revoked, c.provider, u.id AS found_user_id
        FROM oauth_access_tokens t LEFT JOIN oauth_clients c ON c.id = t.client_id LEFT JOIN users u ON u.id = t.user_id
            WHERE t.id = ?
        """

    private static func find(_ client: BenchmarkClient) -> String {
        """
        SELECT id, user_id, name, secret, provider, redirect, personal_access_client, password_client, revoked,
            created_at, updated_at,
            allowed_grants, first_party, internal
        FROM oauth_clients WHERE id = '\(client.id)'
        """
    }

    private static func store(_ id: String, user: String, family: String, _ client: BenchmarkClient) -> String {
        """
        INSERT INTO oauth_access_tokens (id, user_id, client_id, name, scopes, revoked, created_at, updated_at,
            expires_at, grant_type, family_id)
        VALUES (\(id), \(user), '\(client.id)', NULL, '["place-orders"]', 0, NOW(), NOW(), NOW() + INTERVAL 1 HOUR, 'x',
            \(family))
        """
    }

    private static func storeRefreshToken(_ id: String, family: String) -> String {
        "INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id) VALUES (\(id), \(id), 0, NOW() + INTERVAL 1 HOUR, \(family))"
    }
}
