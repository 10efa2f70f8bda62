import Cast
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Storage
import Testing

/// The records of actions in the audit trail and in the log: who, what, when and from where.
@Suite struct `The audit trail` {
    private let stack = Stack.shared

    private func events(of user: String, on stack: Stack) throws -> [(event: String, row: Row)] {
        try stack.connection().rows("SELECT * FROM oauth_audit_events WHERE user_id = ? ORDER BY id", user).map {
            (try $0.text("event"), $0)
        }
    }

    @Test func `an issue whose statements leave out the event is a defect, and nothing else reports it`() throws {
        let event = AuditEvent(.tokenIssued, from: "", requestID: "", at: Stack.now)
        for isStored in [true, false] {
            #expect(throws: (any Error).self) {
                try Change.reportInOneStatement(event, isStored: isStored) { _ in true }
            }
        }
    }

    @Test func `records the actions of a user and on a user, with the user, time, address and request`()
        throws
    {
        let (ada, web) = (stack.ada, stack.web)
        let browser = stack.browser()
        browser.signIn(ada, password: "wrong password")
        browser.signIn(ada)
        browser.csrfToken = nil  // each form sends its own token
        func decide(_ more: Form) -> Answer {
            let page = browser.get(stack.authorizeAddress(web))
            return browser.post(
                "/oauth/authorize",
                .form(
                    Form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""], more)))
        }
        _ = decide(["_method": "DELETE"])
        let code = decide([:]).located("code") ?? ""
        let first = stack.token(stack.redemption(code, web)).json?["refresh_token"]?.text ?? ""
        let second = stack.token(stack.refreshment(first, web)).json?["refresh_token"]?.text ?? ""
        _ = stack.token(stack.refreshment(second, web))
        _ = stack.token(stack.refreshment(first, web))
        let form: Form = ["_token": browser.cookies["XSRF-TOKEN"] ?? ""]
        browser.post("/oauth/personal-access-tokens", .form(Form(form, ["name": "Mine"])))
        browser.accept = "application/json"
        let token = browser.get("/oauth/personal-access-tokens").text.firstMatch(of: #/"id":"([0-9a-f]{44})"/#)?.1 ?? ""
        browser.csrfToken = browser.cookies["XSRF-TOKEN"]
        browser.delete("/oauth/personal-access-tokens/\(token)")
        browser.delete("/account/sessions")
        browser.put(
            "/account/password",
            .json([
                "current_password": .string(ada.password), "password": "quite another",
                "password_confirmation": "quite another",
            ]))
        browser.csrfToken = browser.cookies["XSRF-TOKEN"]
        browser.post("/logout")

        let events = try events(of: ada.id, on: stack)
        #expect(
            events.map(\.event) == [
                "user.sign-in-failed", "user.signed-in", "authorization.denied", "authorization.approved",
                "token.issued", "token.issued",
                "token.issued",
                "token.refresh-token-reused", "token.issued", "token.revoked", "user.session-ended",
                "user.password-changed", "user.signed-out",
            ])
        let lines = stack.log.split(separator: "\n").filter { $0.contains(#""message":"audit""#) }.compactMap {
            JSON(parsing: Array($0.utf8))
        }
        for (event, row) in events {
            #expect(try row.text("address") == "127.0.0.1")
            let request = try row.text("request_id")
            #expect(request.wholeMatch(of: #/[0-9a-f]{32}/#) != nil)
            #expect(abs(try row.time("occurred_at").seconds - Stack.now.seconds) < 120)
            #expect(
                lines.contains {
                    $0["event"]?.text == event && $0["request"]?.text == request && $0["user"]?.text == ada.id
                }, "\(event)")
        }
        #expect(
            try events.filter { $0.event.hasPrefix("authorization.") || $0.event == "token.refresh-token-reused" }
                .allSatisfy {
                    try $0.row.text("client_id") == web.id
                })
        #expect(try events.last { $0.event == "token.issued" }?.row.text("token_id") == String(token))
    }

    @Test func `records the changes of clients, and clients that were refused`() throws {
        let (ada, machine) = (stack.ada, stack.machine)
        let owner = stack.firstParty(ada)
        let client = owner.post("/oauth/clients", .json(["name": "Shop", "redirect": "https://a.example/cb"])).json
        let id = try #require(client?["id"]?.text)
        owner.put("/oauth/clients/\(id)", .json(["name": "Shop", "redirect": "https://b.example/cb"]))
        owner.post("/oauth/clients/\(id)/secret")
        owner.delete("/oauth/clients/\(id)")
        let own: Form = ["grant_type": "client_credentials", "client_id": machine.id]
        for secret in ["wrong", machine.secret ?? ""] { _ = stack.token(Form(own, ["client_secret": secret])) }
        func kinds(_ id: String) throws -> [String] {
            try stack.connection().rows("SELECT event FROM oauth_audit_events WHERE client_id = ? ORDER BY id", id).map
            { try $0.text("event") }
        }
        #expect(try kinds(id) == ["client.created", "client.updated", "client.secret-replaced", "client.revoked"])
        #expect(try kinds(machine.id) == ["client.refused", "token.issued"])
    }

    @Test func `records a lock-out once, and a command with the person who ran it`() throws {
        let ada = stack.ada
        for _ in 0..<8 {
            stack.consumer().post("/api/login", .json(["email": .string(ada.email), "password": "wrong password"]))
        }
        #expect(try stack.console("user", "unlock", ada.email).status == 0)
        #expect(try stack.console("user", "password", ada.email, input: "a new password\n").status == 0)
        let events = try events(of: ada.id, on: stack)
        #expect(
            events.map(\.event) == ["user.sign-in-failed", "user.locked-out", "user.unlocked", "user.password-changed"])
        #expect(try events.last?.row.text("address") == "console")
        #expect(try events.last?.row.text("request_id") == NSUserName())
    }

    @Test func `never changes a row, and contains no secret`() throws {
        let (ada, web) = (stack.ada, stack.web)
        func rows() throws -> [String] {
            try Folder.mariaDB.query(
                "SELECT * FROM oauth_audit_events WHERE user_id = \(ada.id) ORDER BY id", database: "shared"
            )
            .split(separator: "\n").map(String.init)
        }
        let code = stack.code(ada, web)
        let answer = stack.token(stack.redemption(code, web))
        let before = try rows()
        let (access, refresh) = (answer.json?["access_token"]?.text ?? "", answer.json?["refresh_token"]?.text ?? "")
        let next = stack.token(stack.refreshment(refresh, web)).json?["refresh_token"]?.text ?? ""
        _ = stack.token(stack.redemption(code, web))
        let after = try rows()
        #expect(before.count >= 3 && after.count > before.count && Array(after.prefix(before.count)) == before)
        let dump = try Folder.mariaDB.query("SELECT * FROM oauth_audit_events", database: "shared")
        for secret in [code, access, refresh, next, web.secret ?? "", ada.password] {
            #expect(!secret.isEmpty && !dump.contains(secret) && !stack.log.contains(secret))
        }
    }

    @Test func `a token and the event of its issuing are stored together or not at all`() throws {
        let broken = Stack.start("unaudited")
        defer { broken.stop() }
        let (ada, web, machine) = (broken.ada, broken.web, broken.machine)
        let code = broken.code(ada, web)
        let refresh = broken.tokens(ada, web).refresh
        let before = broken.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE ?", "1")
        try Folder.mariaDB.query("DROP TABLE oauth_audit_events", database: "unaudited")
        let own: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        for form in [own, broken.redemption(code, web), broken.refreshment(refresh, web)] {
            #expect(broken.token(form).status == 500)
        }
        #expect(broken.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE ?", "1") == before)
        try Folder.mariaDB.query(
            "CREATE TABLE oauth_audit_events LIKE shared.oauth_audit_events", database: "unaudited")
        for form in [own, broken.redemption(code, web), broken.refreshment(refresh, web)] {
            #expect(broken.token(form).status == 200)
        }
    }

    @Test func `a change of an account and the event that reports it are stored together or not at all`() throws {
        let broken = Stack.start("unreported")
        defer { broken.stop() }
        let (ada, web) = (broken.ada, broken.web)
        let script = broken.script(of: ada)
        _ = broken.tokens(ada, web)
        let client = script.post("/oauth/clients", .json(["name": "Mine", "redirect": "https://mine.example/"]))
        let clientID = try #require(client.json?["id"]?.text)
        let personal = script.post("/oauth/personal-access-tokens", .json(["name": "Mine", "scopes": []]))
        let tokenID = try #require(personal.json?["token"]?["id"]?.text)
        let sessions = try broken.connection().rows("SELECT id FROM oauth_sessions WHERE user_id = ?", ada.id)
        let sessionID = try #require(sessions.first).text("id")
        func rows() throws -> String {
            try Folder.mariaDB.query(
                """
                SELECT id, name, secret, redirect, revoked FROM oauth_clients ORDER BY id;
                SELECT id, revoked FROM oauth_access_tokens ORDER BY id;
                SELECT id, revoked FROM oauth_refresh_families ORDER BY id;
                SELECT id FROM oauth_sessions ORDER BY id; SELECT id, name, password FROM users ORDER BY id;
                """, database: "unreported")
        }
        let before = try rows()
        try Folder.mariaDB.query("DROP TABLE oauth_audit_events", database: "unreported")
        let changed: JSON = ["name": "Changed", "redirect": "https://changed.example/"]
        let password: JSON = ["current_password": .string(ada.password), "password": "four unrelated small words"]
        let person: JSON = ["name": "Eve", "email": "eve@example.com", "password": "four unrelated small words"]
        let requests: [(method: String, path: String, body: Body)] = [
            ("POST", "/oauth/clients", .json(changed)), ("PUT", "/oauth/clients/\(clientID)", .json(changed)),
            ("POST", "/oauth/clients/\(clientID)/secret", .none), ("DELETE", "/oauth/clients/\(clientID)", .none),
            ("DELETE", "/oauth/personal-access-tokens/\(tokenID)", .none), ("DELETE", "/account/tokens", .none),
            ("DELETE", "/account/applications/\(web.id)", .none),
            ("DELETE", "/account/sessions/\(sessionID)", .none), ("DELETE", "/account/sessions", .none),
            ("PUT", "/account/password", .json(password)), ("POST", "/api/users", .json(person)),
            ("POST", "/logout", .none),
        ]
        for (method, path, body) in requests {
            #expect(script.send(method, path, body).status == 500, "\(method) \(path)")
            #expect(try rows() == before, "\(method) \(path)")
        }
        for arguments in [
            ["client", "revoke", clientID], ["client", "rotate", clientID], ["token", "revoke", tokenID],
            ["client", "--machine", "Import"],
        ] {
            let command = arguments + ["--env", broken.folder.appending(path: "env").path()]
            let status = try ChildProcess.output(Folder.program, command, environment: broken.environment).status
            #expect(status != 0, "\(arguments)")
            #expect(try rows() == before, "\(arguments)")
        }
    }

    @Test func `AUDIT_ISSUING=false leaves tokens to the log, and AUDIT_RETENTION=0 leaves all events to it`() throws {
        for (settings, expected) in [
            (["AUDIT_ISSUING": "false"], ["user.signed-in", "authorization.approved"]), (["AUDIT_RETENTION": "0"], []),
        ] {
            let quiet = Stack.start("shared", settings: settings)
            defer { quiet.stop() }
            let ada = quiet.ada
            _ = quiet.tokens(ada, quiet.web)
            #expect(try events(of: ada.id, on: quiet).map(\.event) == expected)
            #expect(quiet.log.contains(#""event":"token.issued""#) && quiet.log.contains(#""event":"user.signed-in""#))
        }
    }
}

extension Form {
    fileprivate init(_ form: Form, _ more: Form) {
        self = form
        pairs += more.pairs
    }
}
