import DevelopmentStack
import Foundation
import HTTP

/// The user Grace, who has as many rows of every kind as one user may have.
///
/// She is signed in with a browser and by `POST /api/login`.
struct Visitor {
    /// A file with her bearer token.
    let tokens: URL
    private let instance: Instance
    private let stack: BenchmarkStack
    private let bearer: String
    private let cookie: String
    private let csrfToken: String

    init(_ instance: Instance, _ stack: BenchmarkStack) throws {
        self.instance = instance
        self.stack = stack
        let jar = stack.home.appending(path: "cookies.txt").path()
        let fields = ["email=grace@example.com", "password=\(Instance.password)"].flatMap { ["--data-urlencode", $0] }
        func curl(_ path: String, _ more: [String]) throws -> JSON? {
            let output = try ChildProcess.run(
                "curl",
                ["-s", "-b", jar, "-c", jar, "-H", "Accept: application/json"] + more + [
                    "http://127.0.0.1:\(instance.port)\(path)"
                ])
            return JSON(parsing: Array(output.utf8))
        }
        // The responder may have started only a moment ago.
        _ = try curl("/up", ["-f", "--retry", "50", "--retry-all-errors", "--retry-delay", "1"])
        bearer = try curl("/api/login", fields)?["access_token"]?.text ?? ""
        let guest = try curl("/login", [])?["csrf_token"]?.text ?? ""
        _ = try curl("/login", ["-H", "X-CSRF-TOKEN: \(guest)"] + fields)
        csrfToken = try curl("/logout", [])?["csrf_token"]?.text ?? ""
        let lines = try String(contentsOfFile: jar, encoding: .utf8).split(separator: "\n")
        let session = lines.compactMap { line -> Substring? in
            let columns = line.split(separator: "\t")
            return columns.count == 7 && columns[5] == "consulate_session" ? columns[6] : nil
        }
        cookie = "consulate_session=\(session.first ?? "")"
        tokens = stack.home.appending(path: "grace.txt")
        try Data("\(bearer)\n".utf8).write(to: tokens)
        guard !bearer.isEmpty, !csrfToken.isEmpty, session.count == 1 else {
            throw StackError("Nobody could sign in for the costs of requests.")
        }
    }

    /// Adds a hundred clients, a hundred personal tokens, a hundred sign-ins, and a thousand tokens
    /// of a hundred consents.
    func fill() throws {
        try stack.mariaDB.query(
            """
            SET SESSION sql_mode = '', time_zone = '+00:00';
            INSERT INTO oauth_clients (id, user_id, name, redirect, personal_access_client, password_client, revoked)
                SELECT CONCAT('cost-', seq), \(instance.grace), CONCAT('Client ', seq), 'https://a.example', 0, 0, 0
                    FROM seq_1_to_100;
            INSERT INTO oauth_access_tokens (id, user_id, client_id, name, scopes, revoked, created_at, updated_at,
                expires_at, grant_type)
                SELECT CONCAT('cost-', seq), \(instance.grace), (SELECT id FROM oauth_clients
                    WHERE internal = 'personal'), CONCAT('Token ', seq),
                    '["place-orders"]', 0, NOW(), NOW(), NOW() + INTERVAL 1 DAY, 'personal_access' FROM seq_1_to_100;
            INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                expires_at, grant_type, family_id)
                SELECT CONCAT('granted-', seq), \(instance.grace), CONCAT('cost-', 1 + seq DIV 11), '["place-orders"]',
                    0, NOW(), NOW(),
                    NOW() + INTERVAL 1 DAY, 'authorization_code', MD5(CONCAT('cost ', 101 + seq DIV 11)) FROM seq_1_to_1089;
            INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, created_at, expires_at,
                last_used_at)
                SELECT MD5(CONCAT('cost ', seq)), \(instance.grace),
                    IF(seq > 100, CONCAT('cost-', seq - 100), (SELECT id FROM oauth_clients
                    WHERE internal = 'sign-in')),
                    IF(seq > 100, 'authorization_code', 'sign_in'), '["place-orders"]', NOW(), NOW() + INTERVAL 1 DAY,
                        NOW() FROM seq_1_to_200;
            INSERT INTO oauth_sessions (id, user_id, address, user_agent, created_at, last_seen_at, expires_at)
                SELECT SHA2(CONCAT('cost ', seq), 256), \(instance.grace), '192.0.2.7', REPEAT('S', 255), NOW(), NOW(),
                    NOW() + INTERVAL 1 DAY FROM seq_1_to_100;
            """, database: instance.database)
    }

    /// Returns the requests that she may send.
    func cases() -> [RequestCosts.Case] {
        let browser = #"["Cookie"] = "\#(cookie)", ["X-CSRF-TOKEN"] = "\#(csrfToken)""#
        let page = browser + #", ["Accept"] = "text/html""#
        let form = #"["Content-Type"] = "application/x-www-form-urlencoded""#
        let token = #"["Authorization"] = "Bearer \#(bearer)""#
        let redirects = #"("https://a.example/" .. ("x"):rep(1980) .. ","):rep(19) .. "https://a.example:70000""#
        let pairs = #"("n" .. ("%41"):rep(20) .. "=1&"):rep(190)"#
        let authorize =
            "/oauth/authorize?client_id=\(instance.web.id)&response_type=code&prompt=consent&state="
            + String(repeating: "x", count: 4000)
        func get(_ path: String, _ fields: String) -> RequestCosts.Case {
            .init(
                name: "GET \(path.prefix { $0 != "?" })\(fields == page ? ", page" : "")",
                load: Load(path: path, request: "\"GET\", nil, {\(fields)}, nil"),
                hasCredential: true)
        }
        func send(_ method: String, _ path: String, _ fields: String, _ body: String, _ more: String = "")
            -> RequestCosts.Case
        {
            .init(
                name: "\(method) \(path)\(more)",
                load: Load(path: path, request: "\"\(method)\", nil, {\(fields), \(form)}, \(body)"),
                hasCredential: true)
        }
        return [
            get("/account", page), get("/account", browser), get("/account/tokens/create", page),
            get("/account/password/changed", page),
            get("/oauth/tokens", token), get("/oauth/clients", token), get("/oauth/personal-access-tokens", token),
            get("/oauth/scopes", token),
            get(authorize, page), get(authorize, browser),
            get("/api/users?name=" + String(repeating: "%C3%A4", count: 255), token),
            send("POST", "/oauth/clients", token, #""name=x&redirect=" .. \#(redirects)"#, ", twenty redirect URIs"),
            send("PUT", "/oauth/clients/cost-1", token, #""name=x&redirect=" .. \#(redirects)"#),
            send("POST", "/oauth/clients", page, #""name=&redirect=" .. \#(redirects)"#, ", page"),
            send("POST", "/oauth/personal-access-tokens", token, #""name=x&" .. ("scopes[]=nothing&"):rep(190)"#),
            send("POST", "/oauth/authorize", browser, pairs), send("PUT", "/account/password", browser, pairs),
            send("PUT", "/account/password", page, pairs, ", page"),
            send("DELETE", "/oauth/clients/nothing", token, pairs),
            send("DELETE", "/account/sessions/nothing", browser, pairs),
            send("DELETE", "/oauth/tokens/nothing", token, pairs),
        ]
    }
}
