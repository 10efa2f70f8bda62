import Cast
import Cryptography
import Foundation
import HTTP
import MariaDB
import Testing

@testable import AuthorizationServer

/// The withdrawal of access, which is also final for every operation in progress.
///
/// An approval is checked against the state at the time of the approval.
@Suite struct `Withdrawal` {
    let stack = Stack.shared

    @Test func `a silent authorization during the withdrawal of its grant leaves no valid code or token`() throws {
        for round in 0..<8 {
            let (ada, web) = (stack.ada, stack.web)
            _ = stack.tokens(ada, web)
            let (browser, script) = (stack.script(of: ada), stack.script(of: ada))
            let silent = browser.request("GET", stack.authorizeAddress(web, ["prompt": "none"]))
            let withdrawal = script.request("DELETE", "/account/applications/\(web.id)")
            let requests = round.isMultiple(of: 2) ? [silent, withdrawal] : [withdrawal, silent]
            let answers = Wire.send(requests, to: stack.port)
            let answer = answers[round.isMultiple(of: 2) ? 0 : 1]
            if let code = answer?.located("code") {
                #expect(stack.token(stack.redemption(code, web)).json?["error"] == "invalid_grant", "round \(round)")
            } else {
                #expect(answer?.located("error") == "consent_required")
            }
            #expect(
                stack.count(
                    "SELECT COUNT(*) AS n FROM oauth_refresh_families WHERE revoked = 0 AND client_id = ?", web.id)
                    == 0, "round \(round)")
        }
    }

    @Test func `a silent authorization waits for a withdrawal that has begun, and then requires consent`() throws {
        let (ada, web) = (stack.ada, stack.web)
        _ = stack.tokens(ada, web)
        let browser = stack.script(of: ada)
        let request = browser.request("GET", stack.authorizeAddress(web, ["prompt": "none"]))
        let connection = stack.connection()
        let socket = Wire.connect(to: stack.port)
        try connection.transaction {
            _ = try connection.rows("SELECT id FROM oauth_refresh_families WHERE client_id = ? FOR UPDATE", web.id)
            Wire.write(request, to: socket)
            // The request waits at the lock when MariaDB says that a transaction waits.
            var isWaiting = false
            for _ in 0..<300 where !isWaiting {
                usleep(10_000)
                isWaiting = try isAwaited("oauth_refresh_families")
            }
            #expect(isWaiting)
            try connection.execute("UPDATE oauth_refresh_families SET revoked = 1 WHERE client_id = ?", web.id)
        }
        #expect(Answer(Wire.readToEnd(socket))?.located("error") == "consent_required")
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_auth_codes WHERE revoked = 0 AND client_id = ?", web.id) == 0)
    }

    /// Returns whether a transaction waits for a row of a table.
    ///
    /// Does not ask the views of information_schema, because MariaDB refreshes them too rarely for
    /// frequent queries.
    private func isAwaited(_ table: String) throws -> Bool {
        let status = try Folder.mariaDB.query("SHOW ENGINE INNODB STATUS")
        return status.contains(try Regex("table `shared`.`\(table)` trx id [0-9]+ lock.?mode [^\\\\]*waiting"))
    }

    @Test func `an approval checks client, redirect URI and scopes again`() throws {
        let connection = stack.connection()
        let changes: [SQL] = [
            "UPDATE oauth_clients SET redirect = 'https://other.example/cb' WHERE id = ?",
            "UPDATE oauth_clients SET revoked = 1 WHERE id = ?",
            "UPDATE oauth_pending_authorizations SET scopes = '[\"gone\"]' WHERE client_id = ?",
            "UPDATE oauth_clients SET allowed_grants = '[\"client_credentials\"]' WHERE id = ?",
        ]
        for change in changes {
            let (ada, web) = (stack.ada, stack.web)
            let script = stack.script(of: ada)
            let authToken = script.get(stack.authorizeAddress(web)).json?["auth_token"] ?? .null
            try connection.execute(change, web.id)
            #expect(script.post("/oauth/authorize", .json(["auth_token": authToken])).status == 403, "\(change.text)")
            #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_auth_codes WHERE client_id = ?", web.id) == 0)
        }
    }

    @Test
    func `a new password and signing out everywhere else end the sessions and the codes of first-party clients`() {
        for path in ["/account/password", "/account/sessions"] {
            let ada = stack.ada
            let company = stack.client("Company", grants: [.authorizationCode, .refreshToken], isFirstParty: true)
            let (thief, owner) = (stack.browser(of: ada), stack.script(of: ada))
            let code = thief.get(stack.authorizeAddress(company)).located("code") ?? ""
            let body: Body = .json(["current_password": .string(ada.password), "password": "another handful of words"])
            #expect((path == "/account/password" ? owner.put(path, body) : owner.delete(path)).status == 204)
            #expect(stack.token(stack.redemption(code, company)).json?["error"] == "invalid_grant", "\(path)")
            #expect(
                stack.count("SELECT COUNT(*) AS n FROM oauth_refresh_families WHERE client_id = ?", company.id) == 0)
        }
    }

    @Test func `a redirect URI that the client's owner removed gets no code from an open consent page`() {
        let (owner, ada) = (stack.firstParty(stack.grace), stack.ada)
        let made = owner.post(
            "/oauth/clients", .json(["name": "Shop", "redirect": "https://old.example/cb,https://new.example/cb"]))
        let shop = Cast.Application(
            id: made.json?["id"]?.text ?? "", secret: made.json?["secret"]?.text, redirectURI: "https://old.example/cb")
        let script = stack.script(of: ada)
        let authToken = script.get(stack.authorizeAddress(shop)).json?["auth_token"] ?? .null
        #expect(
            owner.put("/oauth/clients/\(shop.id)", .json(["name": "Shop", "redirect": "https://new.example/cb"])).status
                == 200)
        #expect(script.post("/oauth/authorize", .json(["auth_token": authToken])).status == 403)
    }

    @Test func `a session that was ended meanwhile cannot approve or create anything`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let script = stack.script(of: ada)
        let authToken = script.get(stack.authorizeAddress(web)).json?["auth_token"] ?? .null
        let session = Digest.hexadecimal(script.cookies["consulate_session"] ?? "")
        for (path, body) in [
            ("/oauth/authorize", Body.json(["auth_token": authToken])),
            ("/oauth/personal-access-tokens", .json(["name": "Late"])),
            ("/oauth/clients", .json(["name": "Late", "redirect": "https://late.example"])),
        ] {
            let connection = stack.connection()
            let socket = Wire.connect(to: stack.port)
            var isWaiting = false
            do {
                try connection.transaction {
                    _ = try connection.rows("SELECT id FROM oauth_sessions WHERE id = ? FOR UPDATE", session)
                    Wire.write(script.request("POST", path, body), to: socket)
                    for _ in 0..<300 where !isWaiting {
                        usleep(10_000)
                        isWaiting = try isAwaited("oauth_sessions")
                    }
                    try connection.execute("DELETE FROM oauth_sessions WHERE id = ?", session)
                    throw Restored()
                }
            } catch is Restored {}
            // The deletion was undone, so the request succeeds. The request did wait for the
            // deletion.
            #expect(isWaiting, "\(path)")
            #expect([200, 201].contains(Answer(Wire.readToEnd(socket))?.status ?? 0), "\(path)")
        }
        #expect(script.get("/oauth/tokens").status == 200)
        try stack.connection().execute("DELETE FROM oauth_sessions WHERE id = ?", session)
        #expect(script.post("/oauth/personal-access-tokens", .json(["name": "Late"])).status == 401)
    }

    private struct Restored: Error {}

    // MARK: the time of the sign-in

    @Test(arguments: [("prompt", "login", 301), ("max_age", "600", 601), ("max_age", "0", 61)])
    func `prompt and max_age are checked when the user agrees, against the time of the sign-in`(
        name: String, value: String, age: Int
    ) throws {
        let (ada, web, browser) = (stack.ada, stack.web, stack.browser())
        let address = stack.authorizeAddress(web, [name: value])
        let login = browser.get(browser.get(address)["Location"] ?? "")
        #expect(browser.signIn(ada, on: login)["Location"] == address)
        let session = Digest.hexadecimal(browser.cookies["consulate_session"] ?? "")
        func signedIn(ago seconds: Int) throws {
            try stack.connection().execute(
                "UPDATE oauth_sessions SET authenticated_at = UTC_TIMESTAMP() - INTERVAL ? SECOND WHERE id = ?",
                seconds,
                session)
        }
        func decide(_ page: Answer) -> Answer {
            let form: Form = ["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]
            return browser.post(page.action ?? "", .form(form))
        }
        let page = browser.get(address)
        #expect(page.status == 200)
        try signedIn(ago: age + 5)
        let late = decide(page)
        #expect(
            late.located("code") == nil && late.status == 303
                && late["Location"]?.hasPrefix("/login?return_to=") == true)
        try signedIn(ago: 10)
        #expect(decide(page).located("code") != nil, "the page was not used up")
    }

    // MARK: sessions end

    @Test func `a session ends after its absolute lifetime, even if it is in use`() throws {
        let short = Stack.start("absolute", settings: ["SESSION_LIFETIME": "120", "SESSION_ABSOLUTE_LIFETIME": "180"])
        defer { short.stop() }
        let browser = short.script(of: short.ada)
        let session = Digest.hexadecimal(browser.cookies["consulate_session"] ?? "")
        func age(_ minutes: Int) throws {
            try short.connection().execute(
                """
                UPDATE oauth_sessions SET created_at = UTC_TIMESTAMP() - INTERVAL ? MINUTE,
                    last_seen_at = UTC_TIMESTAMP() - INTERVAL 5 MINUTE,
                    expires_at = UTC_TIMESTAMP() + INTERVAL 1 HOUR WHERE id = ?
                """, minutes, session)
        }
        try age(170)
        #expect(browser.get("/account").status == 200)
        let left = short.count(
            "SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), expires_at) AS n FROM oauth_sessions WHERE id = ?", session)
        #expect((8...10).contains(left), "using it does not prolong it beyond its end: \(left)")
        #expect(browser.post("/oauth/token/refresh").status == 200)
        try age(181)
        #expect(browser.get("/account").status == 401)
        #expect(browser.get("/api/users?name=x").status == 401, "nor does the transient cookie outlive it")
    }
}

extension Answer {
    /// The address to which the first form of a page is sent.
    fileprivate var action: String? {
        text.firstMatch(of: #/<form method="post" action="([^"]*)"/#).map { String($0.1).replacing("&amp;", with: "&") }
    }
}
