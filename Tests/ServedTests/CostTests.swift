import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// The costs of a request, as MariaDB and the kernel count them.
///
/// No test here measures time.
@Suite(.serialized) struct `Costs` {
    /// A MariaDB for these tests only, so that its counts are the counts of these tests.
    private static let mariaDB = Folder.startMariaDB("costs")
    private static let stack = Stack.start("costs", settings: ["WORKERS": "4"], on: mariaDB)

    private var stack: Stack { Self.stack }

    private func status(_ name: String) throws -> Int {
        Int(try Self.mariaDB.query("SHOW GLOBAL STATUS LIKE '\(name)'").split { $0 == "\t" || $0 == "\n" }.last ?? "")
            ?? -1
    }

    // MARK: Statements

    /// Returns the number of statements that a request takes.
    private func statements(_ request: () -> Answer) throws -> Int {
        let before = try status("Com_stmt_execute")
        #expect((200..<300).contains(request().status))
        return try status("Com_stmt_execute") - before
    }

    private func check(_ token: String) -> Answer { Consumer(stack.directPort, bearer: token).get("/oauth/verify") }

    @Test func `a bearer check is one statement`() throws {
        let tokens = stack.tokens(stack.ada, stack.web)
        for _ in 0..<3 { #expect(try statements { check(tokens.access) } == 1) }
    }

    @Test func `client credentials are two statements`() throws {
        let machine = stack.machine
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        #expect(try statements { stack.token(form) } == 2)
    }

    @Test func `a code exchange is three statements: client, code, and the transaction`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let form = stack.redemption(stack.code(ada, web), web)
        #expect(try statements { stack.token(form) } == 3)
    }

    @Test func `a refresh is three statements: client, token, and the transaction`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let form = stack.refreshment(stack.tokens(ada, web).refresh, web)
        #expect(try statements { stack.token(form) } == 3)
    }

    @Test func `no request reads a view, because MariaDB would open the view again for each request`() throws {
        let (ada, web, machine) = (stack.ada, stack.web, stack.machine)
        let before = try status("Opened_views")
        let tokens = stack.tokens(ada, web)
        #expect(check(tokens.access).status == 204)
        #expect(stack.token(stack.refreshment(tokens.refresh, web)).status == 200)
        #expect(
            stack.token([
                "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
            ]).status == 200)
        #expect(try status("Opened_views") == before)
    }

    /// Returns the number of writing transactions of a sign-in with a wrong password.
    private func commits(_ email: String) throws -> Int {
        func count() throws -> Int? {
            let count = try Self.mariaDB.query(
                "SELECT count FROM information_schema.innodb_metrics WHERE name = 'trx_rw_commits'")
            return Int(count.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        let before = try #require(try count())
        #expect(
            [401, 429].contains(
                stack.consumer().post("/api/login", .json(["email": .string(email), "password": "wrong password"]))
                    .status))
        return try #require(try count()) - before
    }

    @Test func `an unknown email takes as many commits as a known email, also when it is locked out`() throws {
        let ada = stack.ada
        try Self.mariaDB.query("SET GLOBAL innodb_monitor_enable = 'trx_rw_commits'")
        // All unknown emails share one row for this minute. From now on this row exists.
        for _ in 0..<6 { _ = try commits("nobody-\(ada.email)") }
        for attempt in 1...6 {
            let (unknown, known) = (try commits("nobody-2-\(ada.email)"), try commits(ada.email))
            #expect(unknown == known && known > 0, "attempt \(attempt)")
        }
    }

    // MARK: Plans

    /// Every statement in the source of the repositories, except those with columns of Passport 13
    /// and of Fortify, which this database does not have.
    private static func repositoryStatements() throws -> Set<String> {
        let folder = URL(filePath: #filePath).appending(path: "../../../Sources/Storage/Repositories")
        var statements: Set<String> = []
        let purged = [
            "access_tokens", "refresh_tokens", "auth_codes", "refresh_families", "pending_authorizations", "sessions",
            "replays", "known_networks", "cache", "audit_events",
        ]
        for table in purged {
            let others = [
                "kind": "user_id = '1'", "metadata.assignments": "redirect = ''", "condition": "two_factor_secret",
                "kind.table": "oauth_\(table)",
                "kind.end": table == "audit_events" ? "occurred_at" : "expires_at",
            ]
            statements.formUnion(try SourceStatements(folder.standardized, others: others).all)
        }
        return statements.filter { !$0.contains("redirect_uris") && !$0.contains("two_factor_secret") }
    }

    /// The statements that must read a whole table.
    private static let wholeTables = ["FROM oauth_clients c ORDER BY name, id"]

    @Test func `every statement of the repositories finds its rows by an index, for any number of rows`() throws {
        try Self.mariaDB.query(Self.rows, database: stack.server.database)
        let statements = try Self.repositoryStatements()
        #expect(statements.count > 60)
        for statement in statements.sorted() where !Self.wholeTables.contains(where: statement.hasSuffix) {
            let lines = try growing(statement)
            #expect(lines.isEmpty, "\(statement) \(lines)")
        }
        #expect(try !growing("SELECT id FROM oauth_access_tokens WHERE name = '1'").isEmpty)
        #expect(try !growing("SELECT id FROM oauth_access_tokens WHERE expires_at > NOW() ORDER BY updated_at").isEmpty)
    }

    /// Returns the lines of a statement's plan that take longer if a table has more rows.
    ///
    /// These lines read whole tables, or sort rows that are not rows of one user or one client.
    private func growing(_ statement: String) throws -> [Substring] {
        let plan = try Self.mariaDB.query("SET sql_mode = ''; EXPLAIN \(statement)", database: stack.server.database)
            .split(separator: "\n")
        #expect(!plan.isEmpty)
        return plan.filter { line in
            // id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            // `<derived2>` and `<union2,3>` are tables that a statement builds itself, from rows
            // that it found by an index.
            guard columns.count == 10, columns[1] != "INSERT", columns[2] != "NULL", !columns[2].hasPrefix("<") else {
                return false
            }
            return ["ALL", "index"].contains(columns[3]) || columns[9].contains("filesort") && columns[3] != "ref"
        }
    }

    /// Enough rows that MariaDB prefers an index where an index exists.
    private static let rows = """
        SET sql_mode = '';
        INSERT INTO users (name, email, password) SELECT CONCAT('Cost ', seq), CONCAT('cost', seq, '@example.com'), ''
            FROM seq_1_to_5000;
        INSERT INTO oauth_clients (id, user_id, name, redirect, personal_access_client, password_client, revoked)
            SELECT CONCAT('cost-', seq), seq, 'Cost', '', 0, 0, 0 FROM seq_1_to_5000;
        INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, expires_at, family_id)
            SELECT CONCAT('cost', seq), seq DIV 10, CONCAT('cost-', seq DIV 10), '[]', 0, NOW(),
                NOW() - INTERVAL 2500 SECOND + INTERVAL seq SECOND, MD5(seq) FROM seq_1_to_20000;
        INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, created_at, expires_at)
            SELECT MD5(seq), seq DIV 10, CONCAT('cost-', seq DIV 10), 'x', '[]', NOW(),
                NOW() - INTERVAL 2500 SECOND + INTERVAL seq SECOND FROM seq_1_to_20000;
        INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id)
            SELECT SHA2(seq, 256), CONCAT('cost', seq), 0, NOW() - INTERVAL 2500 SECOND + INTERVAL seq SECOND, MD5(seq)
                FROM seq_1_to_20000;
        INSERT INTO oauth_auth_codes (id, user_id, client_id, scopes, revoked, expires_at, family_id)
            SELECT SHA2(seq, 256), seq DIV 10, CONCAT('cost-', seq DIV 10), '[]', 0,
                NOW() - INTERVAL 2500 SECOND + INTERVAL seq SECOND, MD5(seq) FROM seq_1_to_20000;
        INSERT INTO oauth_sessions (id, user_id, address, user_agent, created_at, last_seen_at, expires_at)
            SELECT SHA2(seq, 256), seq DIV 10, '', '', NOW(), NOW(), NOW() - INTERVAL 2500 SECOND + INTERVAL seq SECOND
                FROM seq_1_to_20000;
        INSERT INTO oauth_pending_authorizations (id, session_id, client_id, response_type, redirect_uri,
            redirect_uri_was_given, scopes, expires_at)
            SELECT SHA2(seq, 256), SHA2(seq, 256), 'x', 'code', '', 0, '[]',
                NOW() - INTERVAL 2500 SECOND + INTERVAL seq SECOND FROM seq_1_to_20000;
        INSERT INTO oauth_audit_events (occurred_at, event, address, request_id)
            SELECT NOW() - INTERVAL 2500 SECOND + INTERVAL seq SECOND, 'x', '', '' FROM seq_1_to_20000;
        INSERT INTO oauth_cache (cache_key, value, expires_at)
            SELECT CONCAT('cost', seq), 0, NOW() - INTERVAL 2500 SECOND + INTERVAL seq SECOND FROM seq_1_to_20000;
        ANALYZE TABLE users, oauth_clients, oauth_access_tokens, oauth_refresh_families, oauth_refresh_tokens,
            oauth_auth_codes, oauth_sessions, oauth_pending_authorizations, oauth_audit_events, oauth_cache;
        """
}
