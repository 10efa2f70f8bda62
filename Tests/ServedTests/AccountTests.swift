import Cast
import Cryptography
import Foundation
import HTTP
import MariaDB
import Synchronization
import Testing

/// The actions of a user in the account, from a browser and from a script.
@Suite struct `The account` {
    let stack = Stack.shared

    private func form(_ browser: Consumer, _ fields: Form = [:]) -> Body {
        var form = fields
        form.append("_token", browser.csrfToken)
        return .form(form)
    }

    @Test func `it lists an authorized application once, not once per token, and revokes it on every device`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let phone = stack.tokens(ada, web, scope: "place-orders")
        let desk = stack.tokens(ada, web, scope: "check-status")
        let script = stack.script(of: ada)
        let account = script.get("/account")
        guard case .array(let applications)? = account.json?["applications"] else { throw Missing() }
        #expect(applications.count == 1)
        #expect(applications[0]["client_id"]?.text == web.id)
        guard case .array(let scopes)? = applications[0]["scopes"] else { throw Missing() }
        #expect(Set(scopes.compactMap(\.text)) == ["place-orders", "check-status"])
        #expect(script.delete("/account/applications/\(web.id)").status == 204)
        #expect(script.delete("/account/applications/\(web.id)").status == 404, "there is nothing left")
        for tokens in [phone, desk] {
            #expect(stack.bearerStatus(tokens.access) == 401)
            #expect(stack.token(stack.refreshment(tokens.refresh, web)).json?["error"] == "invalid_grant")
        }
        #expect(
            stack.browser(of: ada).get(stack.authorizeAddress(web)).hidden("auth_token") != nil, "and it must ask again"
        )
    }

    @Test func `an application stays listed after its hour-long token expires, while its grant is valid`() throws {
        let (ada, web) = (stack.ada, stack.web)
        _ = stack.tokens(ada, web)
        try stack.connection().execute(
            "UPDATE oauth_access_tokens SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE user_id = ?", ada.id)
        #expect(stack.browser(of: ada).get("/account").text.contains("<bdi>Web</bdi>"))
        try stack.connection().execute(
            "UPDATE oauth_refresh_families SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE user_id = ?",
            ada.id)
        #expect(!stack.browser(of: ada).get("/account").text.contains("<bdi>Web</bdi>"))
    }

    @Test func `revoking an application revokes each refresh token row, even if its access token was purged`() throws {
        let (ada, web) = (stack.ada, stack.web)
        _ = stack.tokens(ada, web)
        try stack.connection().execute("DELETE FROM oauth_access_tokens WHERE user_id = ?", ada.id)
        #expect(stack.script(of: ada).delete("/account/applications/\(web.id)").status == 204)
        #expect(
            stack.count(
                """
                SELECT COUNT(*) AS n FROM oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id
                    WHERE f.user_id = ? AND r.revoked = 0
                """, ada.id) == 0)
    }

    private static let waiting: SQL =
        "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE ?"

    @Test func `tokens issued for a code while its application is being revoked are revoked too`() throws {
        let stack = Stack.start("withdrawn", on: Folder.mariaDB)
        defer { stack.stop() }
        let (ada, web) = (stack.ada, stack.web)
        _ = stack.tokens(ada, web)
        let code = Digest.hexadecimal(stack.code(ada, web))
        let withdrawal = stack.script(of: ada).request("DELETE", "/account/applications/\(web.id)")
        let isOver = DispatchSemaphore(value: 0)
        let family = Hexadecimal.encode(Random.bytes(16))
        let connection = stack.connection()
        // A redemption that continues when the withdrawal waits for it.
        try connection.transaction {
            try connection.execute("UPDATE oauth_auth_codes SET revoked = 1 WHERE id = ? AND revoked = 0", code)
            DispatchQueue.global().async {
                _ = Wire.send(withdrawal, to: stack.port)
                isOver.signal()
            }
            for _ in 0..<1000
            where stack.count(Self.waiting, "UPDATE oauth_auth_codes SET revoked = 1 WHERE user_id%") == 0 {
                usleep(10_000)
            }
            try connection.execute(
                """
                INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, revoked, created_at,
                    expires_at)
                VALUES (?, ?, ?, 'authorization_code', '[]', 0, UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR)
                """, family, ada.id, web.id)
            try connection.execute(
                """
                INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, expires_at, grant_type,
                    family_id)
                VALUES (?, ?, ?, '[]', 0, UTC_TIMESTAMP() + INTERVAL 1 HOUR, 'authorization_code', ?)
                """, Hexadecimal.encode(Random.bytes(40)), ada.id, web.id, family)
        }
        #expect(isOver.wait(timeout: .now() + 20) == .success)
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_refresh_families WHERE user_id = ? AND revoked = 0", ada.id)
                == 0)
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE user_id = ? AND revoked = 0", ada.id) == 0)
    }

    @Test func `revoking an application revokes a code that the application has not redeemed yet`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        #expect(stack.script(of: ada).delete("/account/applications/\(web.id)").status == 204)
        let answer = stack.token(stack.redemption(code, web))
        #expect(answer.status == 400 && answer.json?["error"] == "invalid_grant")
        #expect(stack.script(of: ada).delete("/account/applications/\(web.id)").status == 404)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = 'authorization.withdrawn' AND user_id = ?",
                ada.id) == 1)
    }

    @Test func `a user cannot revoke an application that another user authorized`() {
        let (ada, web) = (stack.ada, stack.web)
        let tokens = stack.tokens(ada, web)
        #expect(stack.script(of: stack.grace).delete("/account/applications/\(web.id)").status == 404)
        #expect(stack.bearerStatus(tokens.access) == 404)
    }

    @Test(arguments: ["/account", "/account/password", "/account/tokens/create", "/account/clients/create"])
    func `only a session can open the account`(path: String) {
        #expect(stack.consumer().get(path).status == 401)
        #expect(stack.firstParty(stack.ada).get(path).status == 401)
        #expect(stack.browser().get(path)["Location"]?.hasPrefix("/login?return_to=%2Faccount") == true)
    }

    // MARK: last used

    @Test func `the first use of a token is stored, and later uses at most once an hour`() throws {
        let ada = stack.ada
        let answer = stack.script(of: ada).post("/oauth/personal-access-tokens", .json(["name": "backup"]))
        let token = try #require(answer.json?["accessToken"]?.text)
        let id = try #require(claims(token)?["jti"]?.text)
        func noted(_ expression: String) -> Int {
            expression == "null"
                ? stack.count("SELECT last_used_at IS NULL AS n FROM oauth_access_tokens WHERE id = ?", id)
                : stack.count(
                    "SELECT last_used_at > UTC_TIMESTAMP() - INTERVAL 10 MINUTE AS n FROM oauth_access_tokens WHERE id = ?",
                    id)
        }
        #expect(noted("null") == 1)
        _ = stack.bearerStatus(token)
        #expect(noted("null") == 0 && noted("now") == 1)
        try stack.connection().execute(
            "UPDATE oauth_access_tokens SET last_used_at = UTC_TIMESTAMP() - INTERVAL 59 MINUTE WHERE id = ?", id)
        _ = stack.bearerStatus(token)
        #expect(noted("now") == 0, "within the hour nothing is written")
        try stack.connection().execute(
            "UPDATE oauth_access_tokens SET last_used_at = UTC_TIMESTAMP() - INTERVAL 61 MINUTE WHERE id = ?", id)
        _ = stack.bearerStatus(token)
        #expect(noted("now") == 1)
    }

    // MARK: personal tokens

    @Test(arguments: [(JSON.integer(600), 600), (.string("600"), 600), (.null, 31_536_000)])
    func `a personal token has the requested lifetime, or the default`(seconds: JSON, lifetime: Int) throws {
        let answer = stack.script(of: stack.ada).post(
            "/oauth/personal-access-tokens", .json(["name": "backup", "expires_in": seconds]))
        let told = try #require(claims(answer.json?["accessToken"]?.text ?? ""))
        #expect(Int((told["exp"]?.double ?? 0) - (told["iat"]?.double ?? 0)) == lifetime)
    }

    @Test(arguments: [
        JSON.integer(0), .integer(-1), .integer(31_536_001), .string("1.5"), .string("x"), .bool(true),
        .array([.integer(1)]),
    ])
    func `an invalid lifetime is 422`(seconds: JSON) {
        let answer = stack.script(of: stack.ada).post(
            "/oauth/personal-access-tokens", .json(["name": "backup", "expires_in": seconds]))
        #expect(answer.status == 422)
        #expect(answer.json?["errors"]?["expires_in"] != nil)
    }

    @Test func `a form creates a personal token with its scopes, shows it once, and revokes it`() throws {
        let browser = stack.browser(of: stack.ada)
        let fields: Form = [
            "name": "backup", "expires_in": "86400", "scopes[]": "place-orders", "scopes[]": "check-status",
        ]
        let page = browser.post("/oauth/personal-access-tokens", form(browser, fields))
        #expect(page.status == 200 && page["Cache-Control"] == "no-store")
        let token = String(try #require(page.text.firstMatch(of: #/<output[^>]*>([^<]+)</#)).1)
        let told = try #require(claims(token))
        #expect(told["scopes"] == ["place-orders", "check-status"])
        let revoked = browser.post(
            "/oauth/personal-access-tokens/\(told["jti"]?.text ?? "")", form(browser, ["_method": "DELETE"]))
        #expect(revoked.status == 303 && revoked["Location"] == "/account", "where the word about it is, at the top")
        #expect(stack.bearerStatus(token) == 401)
        let account = browser.get("/account")
        #expect(account.text.contains("The token has been revoked."))
        #expect(!browser.get("/account").text.contains("The token has been revoked."), "it is said once")
    }

    @Test func `a form with errors is shown again with its values and the errors`() {
        let browser = stack.browser(of: stack.ada)
        let page = browser.post(
            "/oauth/personal-access-tokens",
            form(browser, ["name": "", "expires_in": "86400", "scopes[]": "place-orders"]))
        #expect(page.status == 422)
        #expect(page.text.contains("Enter a name.") && page.text.contains(#"value="place-orders" checked"#))
        let client = browser.post(
            "/oauth/clients", form(browser, ["name": "Shop", "redirect": "javascript:alert(1)", "confidential": "0"]))
        #expect(client.status == 422)
        #expect(client.text.contains(">javascript:alert(1)</textarea>") && client.text.contains(#"value="Shop""#))
        #expect(client.text.contains(#"name="confidential" value="0" checked"#))
    }

    // MARK: clients

    @Test func `a client secret is replaced by JSON and by form, and only by its owner`() throws {
        let ada = stack.ada
        let script = stack.script(of: ada)
        let made = try #require(
            script.post("/oauth/clients", .json(["name": "Shop", "redirect": "https://shop.example/cb"])).json)
        let id = try #require(made["id"]?.text)
        func error(_ secret: String?) -> String? {
            stack.token([
                "grant_type": "refresh_token", "refresh_token": "x", "client_id": id, "client_secret": secret ?? "",
            ]).json?["error"]?.text
        }
        let rotated = script.post("/oauth/clients/\(id)/secret")
        #expect(rotated.status == 200 && rotated["Cache-Control"] == "no-store")
        #expect(error(made["secret"]?.text) == "invalid_client")
        #expect(error(rotated.json?["secret"]?.text) == "invalid_grant")
        let browser = stack.browser(of: ada)
        let page = browser.post("/oauth/clients/\(id)/secret", form(browser))
        let shown = String(try #require(page.text.firstMatch(of: #/id="client-secret"[^>]*>([^<]+)</#)).1)
        #expect(error(shown) == "invalid_grant" && error(rotated.json?["secret"]?.text) == "invalid_client")
        #expect(stack.script(of: stack.grace).post("/oauth/clients/\(id)/secret").status == 404)
        let open = try #require(
            script.post(
                "/oauth/clients", .json(["name": "App", "redirect": "com.example.app:/cb", "confidential": false])
            ).json?["id"]?.text)
        #expect(script.post("/oauth/clients/\(open)/secret").status == 403, "a public client has none")
        #expect(stack.consumer().post("/oauth/clients/\(id)/secret").status == 401)
        browser.csrfToken = nil
        #expect(browser.post("/oauth/clients/\(id)/secret").status == 419)
    }

    @Test func `a form may contain one redirect URI per line`() {
        let browser = stack.browser(of: stack.ada)
        browser.post(
            "/oauth/clients",
            form(browser, ["name": "Lines", "redirect": "https://a.example/cb\r\n\r\n https://b.example/cb \r\n"]))
        browser.accept = "application/json"
        #expect(browser.get("/oauth/clients").text.contains(#""redirect":"https://a.example/cb,https://b.example/cb""#))
    }

    // MARK: sessions

    @Test func `sessions are listed and ended, one or all others, and only by their owner`() throws {
        let ada = stack.ada
        let (here, there, third) = (stack.script(of: ada), stack.script(of: ada), stack.script(of: ada))
        guard case .array(let sessions)? = here.get("/account").json?["sessions"] else { throw Missing() }
        #expect(sessions.count == 3 && sessions.filter { $0["is_current"] == true }.count == 1)
        let own = Digest.hexadecimal(there.cookies["consulate_session"] ?? "")
        #expect(stack.script(of: stack.grace).delete("/account/sessions/\(own)").status == 404)
        #expect(here.delete("/account/sessions/\(own)").status == 204)
        #expect(there.get("/account").status == 401 && third.get("/account").status == 200)
        #expect(here.delete("/account/sessions").status == 204)
        #expect(third.get("/account").status == 401 && here.get("/account").status == 200)
    }

    @Test(arguments: ["%C3%A9", "1B%C2%9D", "1'", "%F0%9F%98%80"]) func `an unknown session id is 404`(id: String) {
        #expect(stack.script(of: stack.ada).delete("/account/sessions/\(id)").status == 404)
    }

    // MARK: the password

    @Test func `changing the password needs the old password, and ends everything that signed in with it`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let (script, elsewhere, firstParty) = (stack.script(of: ada), stack.browser(of: ada), stack.firstParty(ada))
        let authorized = stack.tokens(ada, web)
        let stolen = script.cookies["consulate_session"]
        let new = "another handful of words"
        #expect(
            script.put("/account/password", .json(["current_password": "wrong one", "password": .string(new)])).status
                == 422)
        #expect(script.put("/account/password", .json(["password": .string(new)])).status == 422)
        #expect(
            script.put("/account/password", .json(["current_password": .string(ada.password), "password": "short"]))
                .status == 422)
        #expect(elsewhere.get("/account").status == 200)
        #expect(
            script.put(
                "/account/password", .json(["current_password": .string(ada.password), "password": .string(new)])
            ).status == 204)
        #expect(script.get("/account").status == 200, "this browser stays signed in")
        #expect(script.cookies["consulate_session"] != stolen, "under a new id")
        #expect(elsewhere.get("/account").status == 302)
        #expect(firstParty.get("/oauth/clients").status == 401)
        #expect(stack.bearerStatus(authorized.access) == 404, "an application keeps its access")
        #expect(stack.browser().signIn(ada, password: new)["Location"] == "/account")
        #expect(stack.browser().signIn(ada).status == 422)
    }

    @Test(arguments: ["/login", "/api/login"])
    func `a sign-in with the old password fails if the password changes during the sign-in`(
        path: String
    ) throws {
        let stack = Stack.onOneNode
        let (ada, new) = (stack.ada, PasswordHash.bcrypt("another handful of words", cost: 4))
        let browser = stack.browser()
        browser.get("/login")
        let fields: Form = [
            "_token": browser.cookies["XSRF-TOKEN"] ?? "", "email": ada.email, "password": ada.password,
        ]
        let request = browser.request("POST", path, .form(fields))
        let (port, answered) = (stack.port, Answered())
        let connection = stack.connection()
        try connection.transaction {
            // Works like a password change: it updates the row first, and the sign-in must wait for
            // the row. Then it deletes the existing sessions.
            try connection.execute("UPDATE users SET password = ? WHERE id = ?", new.text, ada.id)
            Thread.detachNewThread { answered.note(Wire.send(request, to: port)?.status ?? 0) }
            usleep(400_000)
            try connection.execute("DELETE FROM oauth_sessions WHERE user_id = ?", ada.id)
        }
        #expect(answered.wait() == (path == "/login" ? 422 : 401))
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_sessions WHERE user_id = ?", ada.id) == 0)
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE user_id = ?", ada.id) == 0)
    }

    @Test func `replacing a hash does not restore a password that was changed meanwhile`() throws {
        let ada = stack.ada
        let dearer = Stack.start("shared", settings: ["BCRYPT_ROUNDS": "6"])
        defer { dearer.stop() }
        let request = dearer.consumer().request(
            "POST", "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)]))
        let (port, answered, new) = (dearer.port, Answered(), PasswordHash.bcrypt("another handful of words", cost: 4))
        let connection = stack.connection()
        try connection.transaction {
            try connection.execute("UPDATE users SET password = ? WHERE id = ?", new.text, ada.id)
            Thread.detachNewThread { answered.note(Wire.send(request, to: port)?.status ?? 0) }
            usleep(400_000)
        }
        #expect(answered.wait() == 401)
        let stored = try #require(try connection.row("SELECT password FROM users WHERE id = ?", ada.id)).text(
            "password")
        #expect(stored == new.text)
    }

    @Test func `a password change ends tokens of the password grant, and ends nothing if it cannot be stored`() throws {
        let stack = Stack.start("passwords", settings: ["PASSWORD_GRANT": "true"])
        defer { stack.stop() }
        let (ada, client) = (stack.ada, stack.client("Old", grants: [.password, .refreshToken]))
        let form: Form = [
            "grant_type": "password", "username": ada.email, "password": ada.password, "client_id": client.id,
            "client_secret": client.secret ?? "",
        ]
        let tokens = stack.token(form)
        let (access, refresh) = (tokens.json?["access_token"]?.text ?? "", tokens.json?["refresh_token"]?.text ?? "")
        let (script, elsewhere) = (stack.script(of: ada), stack.script(of: ada))
        let change = Body.json(["current_password": .string(ada.password), "password": "another handful of words"])
        try stack.connection().execute(
            "CREATE TRIGGER fail BEFORE UPDATE ON oauth_refresh_families FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'full'"
        )
        #expect(script.put("/account/password", change).status == 500)
        #expect(script.get("/account").status == 200 && elsewhere.get("/account").status == 200, "all of it or nothing")
        #expect(stack.browser().signIn(ada)["Location"] == "/account")
        try stack.connection().execute("DROP TRIGGER fail")
        #expect(stack.bearerStatus(access) == 404)
        #expect(script.put("/account/password", change).status == 204)
        #expect(stack.bearerStatus(access) == 401)
        #expect(stack.token(stack.refreshment(refresh, client)).json?["error"] == "invalid_grant")
    }

    @Test func `a refresh during a password change gives no token that stays valid`() throws {
        let stack = Stack.onOneNode
        let ada = stack.ada
        let login = stack.consumer().post(
            "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)]))
        let family = try #require(
            try stack.connection().row(
                "SELECT id FROM oauth_refresh_families WHERE user_id = ? AND grant_type = 'sign_in'", ada.id)
        ).text("id")
        let script = stack.script(of: ada)
        let request = script.request(
            "PUT", "/account/password",
            .json(["current_password": .string(ada.password), "password": "another handful of words"]))
        let (port, answered, connection) = (stack.port, Answered(), stack.connection())
        try connection.execute("UPDATE oauth_access_tokens SET revoked = 1 WHERE family_id = ?", family)
        try connection.transaction {
            // Works like a refresh: it locks the family first, and adds a new token of the family
            // last.
            _ = try connection.row("SELECT id FROM oauth_refresh_families WHERE id = ? FOR UPDATE", family)
            Thread.detachNewThread { answered.note(Wire.send(request, to: port)?.status ?? 0) }
            usleep(400_000)
            try connection.execute("UPDATE oauth_access_tokens SET revoked = 0 WHERE family_id = ?", family)
        }
        #expect(answered.wait() == 204)
        #expect(stack.bearerStatus(login.json?["access_token"]?.text ?? "") == 401)
    }

    @Test func `a password change ends the tokens that Passport issued for the old password`() throws {
        let ada = stack.ada
        let (client, token) = (
            stack.client("Old", grants: [.password]), String(UUID().uuidString.lowercased().replacing("-", with: ""))
        )
        let connection = stack.connection()
        try connection.execute("UPDATE oauth_clients SET password_client = 1 WHERE id = ?", client.id)
        try connection.execute(
            "INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, expires_at) VALUES (?, ?, ?, '[]', 0, UTC_TIMESTAMP() + INTERVAL 1 DAY)",
            token, ada.id, client.id)
        try connection.execute(
            "INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at) VALUES (?, ?, 0, UTC_TIMESTAMP() + INTERVAL 1 DAY)",
            token + "r", token)
        let change = Body.json(["current_password": .string(ada.password), "password": "another handful of words"])
        #expect(stack.script(of: ada).put("/account/password", change).status == 204)
        #expect(stack.count("SELECT revoked AS n FROM oauth_access_tokens WHERE id = ?", token) == 1)
        #expect(stack.count("SELECT revoked AS n FROM oauth_refresh_tokens WHERE id = ?", token + "r") == 1)
    }

    @Test func `the last use of an application is still known after its old tokens are purged`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let tokens = stack.tokens(ada, web)
        try stack.connection().execute(
            "UPDATE oauth_refresh_families SET created_at = UTC_TIMESTAMP() - INTERVAL 20 DAY, last_used_at = UTC_TIMESTAMP() - INTERVAL 20 DAY WHERE user_id = ?",
            ada.id)
        #expect(stack.token(stack.refreshment(tokens.refresh, web)).status == 200)
        try stack.connection().execute(
            "DELETE FROM oauth_access_tokens WHERE user_id = ? AND grant_type <> 'sign_in'", ada.id)
        guard case .array(let applications)? = stack.script(of: ada).get("/account").json?["applications"] else {
            throw Missing()
        }
        let used = try #require(applications[0]["last_used_at"]?.text)
        #expect(used > applications[0]["authorized_at"]?.text ?? "" && used.hasPrefix(Stack.now.iso8601.prefix(10)))
    }

    @Test func `the number of password guesses in a session is limited`() {
        let script = stack.script(of: stack.ada)
        let statuses = (0..<6).map {
            script.put(
                "/account/password", .json(["current_password": "guess \($0)", "password": "another handful of words"])
            ).status
        }
        #expect(statuses == [422, 422, 422, 422, 422, 429])
    }

    @Test(
        arguments: [
            "password", "Password1", "p@ssw0rd!", "12345678", "qwertyuiop", "iloveyou2", "aaaaaaaaaa", "87654321",
            "abcdefgh", "Consulate2026",
            "asdfghjkl;",
        ]) func `a form refuses the most common passwords`(password: String)
    {
        let browser = stack.browser()
        let page = browser.get("/register")
        let fields: Form = [
            "_token": page.hidden("_token") ?? "", "name": "Zoe", "email": "\(Random.alphanumeric(8))@example.com",
            "password": password,
        ]
        let answer = browser.post("/register", .form(fields))
        #expect(answer.status == 422)
        #expect(answer.text.contains("Many people use this password"))
    }

    @Test(arguments: [
        "four unrelated small words", "Tr0ub4dor&3x", "lowercaseonlybutlong", "7391846205", "пароль не из списка",
    ])
    func `a form accepts any other password, without rules of composition`(password: String) {
        let browser = stack.browser()
        let page = browser.get("/register")
        let fields: Form = [
            "_token": page.hidden("_token") ?? "", "name": "Zoe", "email": "\(Random.alphanumeric(8))@example.com",
            "password": password,
        ]
        #expect(browser.post("/register", .form(fields)).status == 303)
    }

    @Test func `a password made of the user's own name or address is refused as a common password`() {
        let browser = stack.browser()
        let page = browser.get("/register")
        let mark = Random.alphanumeric(8).lowercased()
        for password in ["Wollstonecraft1", "vindication99", "vindication.\(mark)@example.com"] {
            let fields: Form = [
                "_token": page.hidden("_token") ?? "", "name": "Mary Wollstonecraft",
                "email": "vindication.\(mark)@example.com",
                "password": password,
            ]
            #expect(browser.post("/register", .form(fields)).text.contains("Many people use this password"))
        }
    }

    @Test func `signing out asks first, and then confirms it`() {
        let browser = stack.browser(of: stack.ada)
        #expect(browser.get("/logout").text.contains("Sign out of Consulate?"))
        #expect(browser.get("/account").status == 200, "a link signs nobody out")
        #expect(browser.post("/logout", form(browser))["Location"] == "/logout")
        #expect(browser.get("/logout").text.contains("You are signed out"))
    }

    @Test func `the sign-in page redirects a user who is already signed in`() {
        let browser = stack.browser(of: stack.ada)
        #expect(browser.get("/login")["Location"] == "/account")
        #expect(browser.get("/login?return_to=/account/password")["Location"] == "/account/password")
        #expect(browser.get("/login?return_to=//evil.example")["Location"] == "/account")
    }
}

private struct Missing: Error {}

/// The status of the answer that another thread receives.
private final class Answered: Sendable {
    private let status = Mutex(0)

    func note(_ answer: Int) { status.withLock { $0 = answer } }

    func wait() -> Int {
        for _ in 0..<1000 where status.withLock({ $0 == 0 }) { usleep(10_000) }
        return status.withLock { $0 }
    }
}
