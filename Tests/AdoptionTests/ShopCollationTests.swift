import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// Tables with different collations.
///
/// Collations differ if tables were created at different times or moved from another server.
@Suite(.serialized) struct `A shop's collations` {
    /// A MariaDB that logs how many rows each statement examines.
    private static let mariaDB = Folder.startMariaDB(
        "collations", options: ["--slow-query-log=1", "--log-output=TABLE", "--long-query-time=0"])

    private static func conversion(_ table: String, _ collation: String) -> String {
        let set = collation.prefix { $0 != "_" }
        return "ALTER TABLE \(table) CONVERT TO CHARACTER SET \(set) COLLATE \(collation);"
    }

    /// A schema, and the statements that change its collations.
    struct Shop: CustomTestStringConvertible {
        var generation: Generation
        let alterations: String

        init(_ generation: Generation, _ alterations: [String]) {
            self.generation = generation
            self.generation.mariaDB = `A shop's collations`.mariaDB
            self.alterations = alterations.joined(separator: "\n")
        }

        var testDescription: String { generation.name }
    }

    private static let ofUsers = [
        "utf8mb4_general_ci", "utf8mb4_bin", "utf8mb4_uca1400_ai_ci", "utf8mb3_unicode_ci", "latin1_swedish_ci",
    ].map {
        Shop(.thirteen("shop\($0)"), [conversion("users", $0)])
    }
    private static let clients = Shop(.thirteen("shopclients"), [conversion("oauth_clients", "utf8mb4_bin")])
    private static let each = Shop(
        .thirteen("shopeach"),
        [
            conversion("users", "utf8mb4_bin"), conversion("oauth_clients", "utf8mb4_general_ci"),
            conversion("oauth_access_tokens", "utf8mb4_uca1400_ai_ci"),
            conversion("oauth_auth_codes", "latin1_swedish_ci"),
            conversion("oauth_refresh_tokens", "utf8mb3_general_ci"),
        ])
    private static let prefixed: Shop = {
        var generation = Generation(name: "shopprefix", prefix: "shop_")
        (generation.clientType, generation.userType) = ("varchar(36)", "varchar(36)")
        return Shop(
            generation,
            [conversion("shop_users", "utf8mb4_general_ci"), conversion("shop_oauth_clients", "utf8mb4_bin")])
    }()
    private static let shops = ofUsers + [clients, each, prefixed]

    /// Inserts so many rows that a statement without an index examines more rows than it should.
    private func fill(_ generation: Generation) throws {
        let prefix = generation.prefix
        let client =
            generation.isThirteen
            ? "INSERT INTO \(prefix)oauth_clients (id, name, redirect_uris, grant_types, revoked) SELECT CONCAT('many-', seq), 'Many', '[]', '[]', 0"
            : """
            INSERT INTO \(prefix)oauth_clients (id, name, redirect, personal_access_client, password_client, revoked)
            SELECT CONCAT('many-', seq), 'Many', '', 0, 0, 0
            """
        try Self.mariaDB.query(
            """
            INSERT INTO \(prefix)users (id, name, email, password)
                SELECT CONCAT('many-', seq), CONCAT('Many ', seq), CONCAT('many', seq, '@example.com'), ''
                    FROM seq_1_to_2000;
            \(client) FROM seq_1_to_2000;
            INSERT INTO \(prefix)oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                expires_at)
                SELECT CONCAT('many-', seq), CONCAT('many-', seq), CONCAT('many-', seq), '[]', 0, NOW(), NOW(),
                    NOW() + INTERVAL 1 DAY FROM seq_1_to_2000;
            INSERT INTO \(prefix)oauth_refresh_tokens (id, access_token_id, revoked, expires_at)
                SELECT CONCAT('many-', seq), CONCAT('many-', seq), 0, NOW() + INTERVAL 1 DAY FROM seq_1_to_2000;
            INSERT INTO \(prefix)oauth_auth_codes (id, user_id, client_id, scopes, revoked, expires_at)
                SELECT CONCAT('many-', seq), CONCAT('many-', seq), CONCAT('many-', seq), '[]', 0, NOW() + INTERVAL 1 DAY
                    FROM seq_1_to_2000;
            """, database: generation.name)
    }

    @Test(arguments: shops) func `each statement finds its rows by an index with any collation`(shop: Shop) throws {
        let generation = shop.generation
        try generation.make()
        try Self.mariaDB.query(shop.alterations, database: generation.name)
        try fill(generation)
        let before = try generation.dump()
        let stack = try generation.stack(["PASSWORD_GRANT": "true"])
        defer { stack.stop() }
        try Self.mariaDB.query("TRUNCATE mysql.slow_log")

        let (alice, web) = (generation.person, generation.confidential)
        let old = try generation.passportToken(Generation.accessToken, subject: generation.alice)
        #expect(stack.bearerStatus(old) == 404)
        let script = stack.script(of: alice)
        #expect(script.get("/oauth/tokens").text.contains(Generation.accessToken))
        #expect(script.get("/account").status == 200 && script.get("/oauth/clients").text.contains("Web"))
        let tokens = stack.tokens(alice, web)
        let refreshed = stack.token(stack.refreshment(tokens.refresh, web))
        #expect(refreshed.status == 200 && stack.bearerStatus(refreshed.json?["access_token"]?.text ?? "") == 404)
        #expect(
            stack.token(["grant_type": "client_credentials", "client_id": web.id, "client_secret": web.secret ?? ""])
                .status == 200)
        let personal = script.post("/oauth/personal-access-tokens", .json(["name": "script", "scopes": []])).json
        #expect(script.get("/oauth/personal-access-tokens").text.contains("script"))
        #expect(stack.bearerStatus(personal?["accessToken"]?.text ?? "") == 404)
        #expect(stack.browser(of: alice).get("/account").status == 200)
        let api = stack.firstParty(alice)
        // Characters that a column cannot store.
        for odd in ["josé", "jo😀", "jo?"] {
            #expect(
                stack.consumer().post(
                    "/api/login", .json(["email": .string("\(odd)@example.com"), "password": "wrong password"])
                ).status == 401)
            #expect(
                api.get("/api/users?name=\(odd.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")")
                    .status == 404)
        }
        #expect(
            script.delete("/oauth/tokens/\(Generation.accessToken)").status == 204 && stack.bearerStatus(old) == 401)
        let changed = script.put(
            "/account/password",
            .json(["current_password": .string(Generation.password), "password": "four unrelated words"]))
        #expect([200, 204].contains(changed.status), "\(changed.status) \(changed.text)")
        let (examined, none) = (try self.examined(generation), [String]())
        #expect(examined == none)

        let doctor = try stack.console("doctor")
        #expect(doctor.output.contains("ok       statements\n"), "\(doctor.output)")
        // `doctor` examines all rows, so the log is emptied.
        try Self.mariaDB.query("TRUNCATE mysql.slow_log")
        let undone = try stack.console("adopt", "--undo")
        #expect(undone.status == 0, "\(undone.error)")
        let examinedByUndo = try self.examined(generation)
        #expect(examinedByUndo == none)
        // The requests above changed rows, but the definitions of the tables are as before.
        let tables = { (dump: String) in
            dump.matches(of: #/CREATE TABLE (?s:.*?);\n/#).map { $0.0.replacing(#/ AUTO_INCREMENT=\d+/#, with: "") }
        }
        #expect(try tables(generation.dump()) == tables(before))
    }

    /// Returns the statements of responders and `--undo` that examined more rows than they need.
    private func examined(_ generation: Generation) throws -> [String] {
        try Self.mariaDB.query(
            """
            SELECT CONVERT(sql_text USING utf8mb4), MAX(rows_examined) FROM mysql.slow_log
            WHERE db = '\(generation.name)' AND rows_examined > 500
                AND sql_text REGEXP '^(SELECT|UPDATE|DELETE|INSERT|BEGIN)'
                AND sql_text NOT LIKE '%information_schema%'
                -- Passport 13 has no index for the owner of a client alone.
                AND sql_text NOT LIKE '%consulate_clients c WHERE user_id%'
            GROUP BY sql_text
            """
        ).split(separator: "\n").map(String.init)
    }

    @Test func `doctor notices that the collation of a table has changed`() throws {
        let shop = Shop(.thirteen("shoplater"), [])
        try shop.generation.make()
        let stack = try shop.generation.stack()
        defer { stack.stop() }
        let laravel = try Laravel(shop.generation.name, "DB_SOCKET=\(Self.mariaDB.socket)")
        let emails = "ok       emails: Laravel's own table compares them, so"
        #expect(try laravel.consulate("doctor").output.contains("\(emails) josé@ and jose@ are one account\n"))
        try Self.mariaDB.query(Self.conversion("users", "utf8mb4_bin"), database: shop.generation.name)
        let doctor = try laravel.consulate("doctor")
        #expect(doctor.output.contains("ok       statements\n"))
        #expect(doctor.output.contains("\(emails) Ada@ and ada@ are two accounts\n"), "\(doctor.output)")
        // `doctor` also finds that a column which statements need is missing.
        try Self.mariaDB.query(
            "ALTER TABLE oauth_access_tokens DROP COLUMN last_used_at", database: shop.generation.name)
        let broken = try stack.console("doctor").output
        #expect(broken.contains("problem  statements: MariaDB 1054: Unknown column 't.last_used_at'"), "\(broken)")
    }

    @Test func `a name or an email that a column cannot store is refused`() throws {
        let shop = Shop(
            .thirteen("shopnames"),
            [
                Self.conversion("users", "latin1_swedish_ci"), Self.conversion("oauth_clients", "latin1_swedish_ci"),
                Self.conversion("oauth_access_tokens", "latin1_swedish_ci"),
                "ALTER TABLE users MODIFY name VARCHAR(30) NOT NULL;",
            ])
        let generation = shop.generation
        try generation.make()
        try Self.mariaDB.query(shop.alterations, database: generation.name)
        let stack = try generation.stack()
        defer { stack.stop() }
        let (script, visitor) = (stack.script(of: generation.person), stack.consumer())
        let redirect: JSON = "https://shop.example/a"
        let client =
            script.post("/oauth/clients", .json(["name": "Café", "redirect": redirect])).json?["id"]?.text ?? ""
        let before = try generation.dump(tables: ["users", "oauth_clients", "oauth_access_tokens"])
        func register(_ name: String, _ email: JSON) -> Answer {
            visitor.post(
                "/api/users", .json(["name": .string(name), "email": email, "password": "four unrelated words"]))
        }
        for (field, answer) in [
            ("name", register("Zoë 😀", "zoe@example.com")),
            ("name", register(String(repeating: "Zoë ", count: 10), "zoe@example.com")),
            ("email", register("Zoë", "зоя@example.com")),
            ("name", script.post("/oauth/clients", .json(["name": "Shop 😀", "redirect": redirect]))),
            ("name", script.put("/oauth/clients/\(client)", .json(["name": "Shop 😀", "redirect": redirect]))),
            ("name", script.post("/oauth/personal-access-tokens", .json(["name": "script 😀", "scopes": []]))),
        ] {
            #expect(answer.status == 422, "\(answer.status) \(answer.text)")
            let sentence = "The \(field) field is too long, or has characters that cannot be stored here."
            #expect(answer.json?["errors"]?[field] == [.string(sentence)], "\(answer.text)")
        }
        #expect(try generation.dump(tables: ["users", "oauth_clients", "oauth_access_tokens"]) == before)

        // A refused registration counts, because it has cost a password hash.
        try Self.mariaDB.query("DELETE FROM oauth_cache", database: generation.name)
        let limited = try generation.stack(["REGISTRATION_LIMIT": "2"])
        defer { limited.stop() }
        let refused: JSON = ["name": "Zoë 😀", "email": "zoe@example.com", "password": "four unrelated words"]
        #expect((1...3).map { _ in limited.consumer().post("/api/users", .json(refused)).status } == [422, 422, 429])
    }

    @Test func `two emails that differ only in case are two accounts if the collation says so`() throws {
        let shop = Shop(.thirteen("shopcases"), [])
        try shop.generation.make()
        try Self.mariaDB.query(
            """
            \(Self.conversion("users", "utf8mb4_bin"))
            INSERT INTO users (id, name, email, password)
            SELECT '9a7d0002-0000-4000-8000-000000000000', 'Other', 'ALICE@example.com',
                '\(PasswordHash.bcrypt("another secret", cost: 4).text)'
            """, database: shop.generation.name)
        let stack = try shop.generation.stack()
        defer { stack.stop() }
        let other = Person(id: "", name: "Other", email: "ALICE@example.com", password: "another secret")
        #expect(
            stack.firstParty(shop.generation.person).get("/api/users?name=Alice").json?["email"]?.text
                == "alice@example.com")
        #expect(stack.firstParty(other).get("/api/users?name=Other").json?["email"]?.text == "ALICE@example.com")
    }
}
