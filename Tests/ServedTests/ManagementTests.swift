import Cast
import Foundation
import HTTP
import MariaDB
import Testing

/// A user's tokens, clients, scopes and personal tokens, with each credential that may manage them.
@Suite struct `Management routes` {
    let stack = Stack.shared

    static let routes = [
        ("GET", "/oauth/tokens"), ("DELETE", "/oauth/tokens/1"), ("GET", "/oauth/clients"), ("POST", "/oauth/clients"),
        ("PUT", "/oauth/clients/1"),
        ("DELETE", "/oauth/clients/1"), ("GET", "/oauth/scopes"), ("GET", "/oauth/personal-access-tokens"),
        ("POST", "/oauth/personal-access-tokens"),
        ("DELETE", "/oauth/personal-access-tokens/1"),
    ]

    // MARK: who may manage

    @Test(arguments: routes)
    func `a request without a credential is 401 before the CSRF check, and a browser goes to the sign-in page`(
        method: String, path: String
    ) {
        let answer = stack.consumer().send(method, path)
        #expect(answer.status == 401)
        #expect(answer.text == #"{"message":"Unauthorized","status":401}"#)
        #expect(answer["WWW-Authenticate"] == "Bearer")
        let away = stack.browser().send(method, path)
        #expect(away.status == (method == "GET" ? 302 : 303))
        #expect(away["Location"]?.hasPrefix("/login") == true)
    }

    @Test(arguments: routes) func `another application's bearer is 403 insufficient_scope`(method: String, path: String)
    {
        let token = stack.tokens(stack.ada, stack.web).access
        let answer = stack.consumer(bearer: token).send(method, path)
        #expect(answer.status == 403)
        #expect(answer.text == #"{"message":"Forbidden","status":403}"#)
        #expect(answer["WWW-Authenticate"] == #"Bearer error="insufficient_scope""#)
    }

    @Test func `an adopted token of another client with the scope * is an ordinary bearer token`() throws {
        let token = stack.tokens(stack.ada, stack.web).access
        let id = claims(token)?["jti"]?.text ?? ""
        try stack.connection().execute("UPDATE oauth_access_tokens SET scopes = '[\"*\"]' WHERE id = ?", id)
        #expect(stack.consumer(bearer: token).get("/oauth/clients").status == 403)
    }

    @Test func `a session is 419 without the CSRF token, and is accepted with it`() {
        let script = stack.script(of: stack.ada)
        let token = script.csrfToken
        let body: Body = .json(["name": "Mine", "redirect": "https://mine.example/cb"])
        script.csrfToken = nil
        let refused = script.post("/oauth/clients", body)
        #expect(refused.status == 419)
        #expect(refused.text == #"{"message":"CSRF token mismatch.","status":419}"#)
        #expect(script.send("POST", "/oauth/clients", body, fields: [("X-CSRF-TOKEN", "wrong")]).status == 419)
        #expect(script.send("POST", "/oauth/clients", body, fields: [("X-XSRF-TOKEN", token ?? "")]).status == 201)
        #expect(script.send("POST", "/oauth/clients", body, fields: [("X-CSRF-TOKEN", token ?? "")]).status == 201)
        #expect(
            script.post(
                "/oauth/clients", .form(["_token": token ?? "", "name": "Mine", "redirect": "https://mine.example/cb"])
            ).status == 201)
        #expect(script.get("/oauth/clients").status == 200)
    }

    @Test func `another session's CSRF token is refused`() {
        let (one, two) = (stack.script(of: stack.ada), stack.script(of: stack.grace))
        one.csrfToken = two.csrfToken
        #expect(one.delete("/oauth/clients/1").status == 419)
    }

    @Test func `the transient cookie works only with its CSRF header, and only while its session is valid`() throws {
        let script = stack.script(of: stack.ada)
        let refreshed = script.post("/oauth/token/refresh")
        #expect(refreshed.status == 200)
        #expect(refreshed.text == "Refreshed.")
        let cookie = try #require(script.cookies["laravel_token"])
        let other = stack.consumer()
        other.cookies["laravel_token"] = cookie
        #expect(other.get("/oauth/scopes").status == 401)
        other.csrfToken = "wrong"
        #expect(other.get("/oauth/scopes").status == 401)
        other.csrfToken = script.csrfToken
        #expect(other.get("/oauth/scopes").status == 200)
        #expect(other.get("/api/users?name=nobody").status == 404)
        other.cookies["laravel_token"] = String(cookie.dropLast(4)) + "AAAA"
        #expect(other.get("/oauth/scopes").status == 401)
        other.cookies["laravel_token"] = cookie
        #expect(script.post("/logout").status == 204)
        #expect(other.get("/oauth/scopes").status == 401)
    }

    @Test func `only a session can refresh the transient cookie`() {
        #expect(stack.firstParty(stack.ada).post("/oauth/token/refresh").status == 401)
        #expect(stack.consumer().post("/oauth/token/refresh").status == 401)
        let script = stack.script(of: stack.ada)
        script.csrfToken = nil
        #expect(script.post("/oauth/token/refresh").status == 419)
    }

    @Test func `an invalid bearer token is 401 invalid_token, also together with a session`() {
        let script = stack.script(of: stack.ada)
        script.bearer = "nonsense"
        let answer = script.get("/oauth/clients")
        #expect(answer.status == 401)
        #expect(answer["WWW-Authenticate"] == #"Bearer error="invalid_token""#)
    }

    // MARK: tokens

    @Test func `GET tokens lists only the tokens of other people's applications, as Passport does`() throws {
        let (ada, web, own) = (
            stack.ada, stack.web, stack.client("Own", grants: [.authorizationCode], isFirstParty: true)
        )
        let tokens = stack.tokens(ada, web)
        _ = stack.tokens(ada, own)
        _ = stack.tokens(stack.grace, web)
        let consumer = stack.firstParty(ada)
        consumer.post("/oauth/personal-access-tokens", .json(["name": "laptop"]))
        let list = consumer.get("/oauth/tokens")
        #expect(list.status == 200)
        guard case .array(let rows)? = list.json else {
            Issue.record("no array")
            return
        }
        #expect(rows.count == 1)
        #expect(rows.first?["id"]?.text == claims(tokens.access)?["jti"]?.text)
        #expect(rows.first?["user_id"] == .integer(Int64(ada.id) ?? 0))
        #expect(rows.first?["revoked"] == false)
        #expect(rows.first?["client"]?["name"] == "Web")
        #expect(rows.first?["client"]?["secret"] == nil)
        let members = list.text.matches(of: #/"([a-z_]+)":/#).map { String($0.1) }
        #expect(
            members == [
                "id", "user_id", "client_id", "name", "scopes", "revoked", "created_at", "updated_at", "expires_at",
                "client", "id", "user_id",
                "name",
                "provider", "redirect", "personal_access_client", "password_client", "revoked", "created_at",
                "updated_at",
            ])
        #expect(rows.first?["created_at"]?.text?.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z/#) != nil)
    }

    @Test func `expired and revoked tokens are left out`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let id = claims(stack.tokens(ada, web).access)?["jti"]?.text ?? ""
        let consumer = stack.firstParty(ada)
        #expect(consumer.get("/oauth/tokens").text != "[]")
        try stack.connection().execute(
            "UPDATE oauth_access_tokens SET expires_at = '2020-01-01 00:00:00' WHERE id = ?", id)
        #expect(consumer.get("/oauth/tokens").text == "[]")
    }

    @Test func `DELETE tokens revokes the token and its refresh token, and is 404 for another user's token`() {
        let (ada, web) = (stack.ada, stack.web)
        let tokens = stack.tokens(ada, web)
        let path = "/oauth/tokens/\(claims(tokens.access)?["jti"]?.text ?? "")"
        #expect(stack.firstParty(stack.grace).delete(path).status == 404)
        let consumer = stack.firstParty(ada)
        let answer = consumer.delete(path)
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        #expect(stack.bearerStatus(tokens.access) == 401)
        #expect(stack.token(stack.refreshment(tokens.refresh, web)).json?["error"] == "invalid_grant")
        #expect(consumer.delete(path).status == 204)
        #expect(consumer.delete("/oauth/tokens/unknown").status == 404)
        #expect(consumer.delete("/oauth/tokens/unknown").text == #"{"message":"Not Found","status":404}"#)
    }

    // MARK: clients

    @Test func `POST clients creates a confidential client, and shows its secret only once`() throws {
        let consumer = stack.firstParty(stack.ada)
        let made = consumer.post(
            "/oauth/clients", .json(["name": " Shop ", "redirect": "https://shop.example/cb, com.shop.example://cb"]))
        #expect(made.status == 201)
        let members = made.text.matches(of: #/"([A-Za-z_]+)":/#).map { String($0.1) }
        #expect(
            members == [
                "user_id", "name", "secret", "provider", "redirect", "personal_access_client", "password_client",
                "revoked", "updated_at",
                "created_at", "id",
                "plainSecret",
            ])
        #expect(made.json?["name"] == "Shop")
        #expect(made.json?["redirect"] == "https://shop.example/cb,com.shop.example://cb")
        let secret = try #require(made.json?["secret"]?.text)
        #expect(secret.count == 40)
        #expect(made["Cache-Control"] == "no-store")
        let list = consumer.get("/oauth/clients")
        #expect(list.status == 200)
        #expect(!list.text.contains("secret"))
        #expect(list.text.contains("Shop"))
    }

    @Test func `a client that a user created works end to end, and a public client has no secret`() throws {
        let ada = stack.ada
        let consumer = stack.firstParty(ada)
        let made = consumer.post(
            "/oauth/clients", .json(["name": "SPA", "redirect": "https://spa.example/cb", "confidential": false]))
        #expect(made.status == 201)
        #expect(made.json?["secret"] == .null)
        let id = try #require(made.json?["id"]?.text)
        let app = Application(id: id, secret: nil, redirectURI: "https://spa.example/cb")
        #expect(stack.bearerStatus(stack.tokens(ada, app).access) == 404)
    }

    @Test(
        arguments: [
            (#"{}"#, "name", "The name field is required."),
            (#"{"name":"  ","redirect":"https://a.example"}"#, "name", "The name field is required."),
            (
                #"{"name":"NAME","redirect":"https://a.example"}"#, "name",
                "The name field must not be greater than 191 characters."
            ),
            (#"{"name":["a"],"redirect":"https://a.example"}"#, "name", "The name field must be a string."),
            (#"{"name":{"a":1},"redirect":"https://a.example"}"#, "name", "The name field must be a string."),
            (#"{"name":"a"}"#, "redirect", "The redirect field is required."),
            (#"{"name":"a","redirect":["https://a.example"]}"#, "redirect", "The redirect field must be a string."),
            (#"{"name":"a","redirect":"nonsense"}"#, "redirect", "One or more redirects have an invalid URI format."),
            (
                #"{"name":"a","redirect":"https://a.example/#fragment"}"#, "redirect",
                "One or more redirects have an invalid URI format."
            ),
            (
                #"{"name":"a","redirect":"https://a.example,"}"#, "redirect",
                "One or more redirects have an invalid URI format."
            ),
            (
                #"{"name":"a","redirect":"javascript:alert(1)"}"#, "redirect",
                "One or more redirects have an invalid URI format."
            ),
            (
                #"{"name":"a","redirect":"DATA:text/html,x"}"#, "redirect",
                "One or more redirects have an invalid URI format."
            ),
            (#"{"name":"a","redirect":"vbscript:x"}"#, "redirect", "One or more redirects have an invalid URI format."),
            (
                #"{"name":"a","redirect":"file:///etc/passwd"}"#, "redirect",
                "One or more redirects have an invalid URI format."
            ),
            (#"{"name":"a","redirect":"blob:x"}"#, "redirect", "One or more redirects have an invalid URI format."),
            (
                #"{"name":"a","redirect":"about:blank"}"#, "redirect",
                "One or more redirects have an invalid URI format."
            ),
            (
                #"{"name":"a","redirect":"http://a.example/cb"}"#, "redirect",
                "One or more redirects have an invalid URI format."
            ),
            (
                #"{"name":"a","redirect":"https://user@a.example/cb"}"#, "redirect",
                "One or more redirects have an invalid URI format."
            ),
            (
                #"{"name":"a","redirect":"https://a.example","confidential":"yes"}"#, "confidential",
                "The confidential field must be true or false."
            ),
            (
                #"{"name":"a","redirect":"https://a.example","confidential":null}"#, "confidential",
                "The confidential field must be true or false."
            ),
        ]) func `an invalid client is 422, and is not registered`(body: String, field: String, message: String)
        throws
    {
        let ada = stack.ada
        let consumer = stack.firstParty(ada)
        let body = body.replacing("NAME", with: String(repeating: "ä", count: 192))
        let answer = consumer.post("/oauth/clients", .raw(body, type: "application/json"))
        #expect(answer.status == 422)
        #expect(answer.json?["message"] == "The given data was invalid.")
        guard case .array(let messages)? = answer.json?["errors"]?[field] else {
            Issue.record("no errors for \(field): \(answer.text)")
            return
        }
        #expect(messages.contains(.string(message)))
        #expect(answer.text.hasSuffix(#","status":422}"#))
        #expect(consumer.get("/oauth/clients").text == "[]")
    }

    @Test(arguments: [
        "http://127.0.0.1/cb", "http://localhost:3000/cb", "http://[::1]:3000/cb", "com.example.myapp://cb",
        "com.example.app:/oauth",
        "https://a.example:8443/cb?x=1",
    ])
    func `loopback, custom schemes and https may be registered`(uri: String) {
        #expect(
            stack.firstParty(stack.ada).post("/oauth/clients", .json(["name": "a", "redirect": .string(uri)])).status
                == 201)
    }

    @Test func `an update checks the added values, and does not check the kept values again`() throws {
        let ada = stack.ada
        let bearer = stack.firstParty(ada)
        let old = (1...25).map { "http://intranet-\($0)/cb" }.joined(separator: ",")
        let id = "old-\(ada.id)"
        try stack.connection().execute(
            """
            INSERT INTO oauth_clients (id, user_id, name, secret, redirect, personal_access_client, password_client,
                revoked)
            VALUES (?, ?, ?, 'x', ?, 0, 0, 0)
            """, id, ada.id, "Old\u{200b}", old)
        func update(_ name: String, _ redirect: String) -> Int {
            bearer.put("/oauth/clients/\(id)", .json(["name": .string(name), "redirect": .string(redirect)])).status
        }
        #expect(update("New", old) == 200 && update("New", "http://intranet-1/cb") == 200)
        #expect(update("New", "http://intranet-1/cb,https://a.example") == 200)
        #expect(
            update("New", "http://intranet-1/cb,http://intranet-99/cb") == 422
                && update("New\u{200b}", "http://intranet-1/cb") == 422)
    }

    @Test func `a name may have 191 characters, not bytes`() {
        let name = String(repeating: "ä", count: 191)
        #expect(
            stack.firstParty(stack.ada).post(
                "/oauth/clients", .json(["name": .string(name), "redirect": "https://a.example"])
            ).status == 201)
    }

    @Test func `PUT changes name and redirect, shows no secret, and is 404 for another user's client`() throws {
        let (ada, grace) = (stack.ada, stack.grace)
        let consumer = stack.firstParty(ada)
        let id = try #require(
            consumer.post("/oauth/clients", .json(["name": "Old", "redirect": "https://old.example"])).json?["id"]?.text
        )
        let change: Body = .json(["name": "New", "redirect": "https://new.example"])
        let answer = consumer.put("/oauth/clients/\(id)", change)
        #expect(answer.status == 200)
        #expect(answer.json?["name"] == "New")
        #expect(answer.json?["redirect"] == "https://new.example")
        #expect(answer.json?["secret"] == nil)
        #expect(answer.text.hasPrefix(#"{"id":""#))
        #expect(stack.firstParty(grace).put("/oauth/clients/\(id)", change).status == 404)
        #expect(consumer.put("/oauth/clients/\(id)", .json(["name": "x"])).status == 422)
        #expect(
            consumer.post(
                "/oauth/clients/\(id)", .form(["_method": "PUT", "name": "Form", "redirect": "https://new.example"])
            ).json?["name"]
                == "Form")
        #expect(consumer.put("/oauth/clients/\(stack.web.id)", change).status == 404)
    }

    @Test func `DELETE revokes the client, its access tokens and its refresh tokens together`() throws {
        let ada = stack.ada
        let consumer = stack.firstParty(ada)
        let made = consumer.post("/oauth/clients", .json(["name": "Gone", "redirect": "https://gone.example/cb"]))
        let app = Application(
            id: made.json?["id"]?.text ?? "", secret: made.json?["secret"]?.text, redirectURI: "https://gone.example/cb"
        )
        let tokens = stack.tokens(stack.grace, app)
        #expect(stack.bearerStatus(tokens.access) == 404)
        #expect(stack.firstParty(stack.grace).delete("/oauth/clients/\(app.id)").status == 404)
        #expect(consumer.delete("/oauth/clients/\(app.id)").status == 204)
        #expect(stack.bearerStatus(tokens.access) == 401)
        #expect(stack.token(stack.refreshment(tokens.refresh, app)).json?["error"] == "invalid_client")
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_refresh_tokens r JOIN oauth_access_tokens t ON t.id = r.access_token_id WHERE r.revoked = 0 AND t.client_id = ?",
                app.id) == 0)
        #expect(consumer.get("/oauth/clients").text == "[]")
        let events: SQL =
            "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = 'client.revoked' AND client_id = ?"
        let count = stack.count(events, app.id)
        #expect(consumer.delete("/oauth/clients/\(app.id)").status == 204, "once more does nothing")
        #expect(stack.firstParty(stack.grace).delete("/oauth/clients/\(app.id)").status == 404)
        #expect(count == 1 && stack.count(events, app.id) == 1)
    }

    @Test func `a name may be a number or true in JSON, as in Passport, but never an invisible value`() {
        let consumer = stack.firstParty(stack.ada)
        for (value, name) in [(JSON.integer(12), "12"), (.number(1.5), "1.5"), (.bool(true), "1"), (" Shop ", "Shop")] {
            let made = consumer.post("/oauth/clients", .json(["name": value, "redirect": "https://shop.example/cb"]))
            #expect(made.status == 201 && made.json?["name"]?.text == name, "\(made.text)")
            let token = consumer.post("/oauth/personal-access-tokens", .json(["name": value, "scopes": []]))
            #expect(token.json?["token"]?["name"]?.text == name)
        }
        for value in [JSON.bool(false), .null, "", "  ", ["a"], ["a": "b"]] {
            #expect(
                consumer.post("/oauth/clients", .json(["name": value, "redirect": "https://shop.example/cb"])).status
                    == 422)
        }
    }

    @Test func `unchanged values of a client are not validated again`() throws {
        let consumer = stack.firstParty(stack.ada)
        let made = consumer.post("/oauth/clients", .json(["name": "Shop", "redirect": "https://shop.example/cb"]))
        let id = made.json?["id"]?.text ?? ""
        // Stores values that a Passport accepted at registration.
        try stack.connection().execute(
            "UPDATE oauth_clients SET redirect = 'http://shop.example/cb,myapp://cb', name = CHAR(0xE2808B USING utf8mb4) WHERE id = ?",
            id)
        let renamed = consumer.put(
            "/oauth/clients/\(id)", .json(["name": "New", "redirect": "http://shop.example/cb,myapp://cb"]))
        #expect(renamed.status == 200 && renamed.json?["name"]?.text == "New", "\(renamed.text)")
        let added = consumer.put(
            "/oauth/clients/\(id)",
            .json(["name": "New", "redirect": "http://shop.example/cb,http://other.example/cb"]))
        #expect(added.status == 422)
    }

    // MARK: scopes and personal tokens

    @Test func `GET scopes lists id and description`() {
        let answer = stack.firstParty(stack.ada).get("/oauth/scopes")
        #expect(answer.status == 200)
        #expect(
            answer.text
                == #"[{"id":"place-orders","description":"Place orders"},{"id":"check-status","description":"Check order status"}]"#
        )
    }

    @Test func `a personal token needs no manually created client, works, is listed and can be revoked`() throws {
        let ada = stack.ada
        let consumer = stack.firstParty(ada)
        let made = consumer.post(
            "/oauth/personal-access-tokens", .json(["name": "laptop", "scopes": ["place-orders"]]))
        #expect(made.status == 200)
        let token = try #require(made.json?["accessToken"]?.text)
        #expect(made.json?["token"]?["name"] == "laptop")
        #expect(made.json?["token"]?["scopes"] == ["place-orders"])
        #expect(stack.bearerStatus(token) == 404)
        #expect(stack.consumer(bearer: token).get("/oauth/clients").status == 403)
        guard case .array(let rows)? = consumer.get("/oauth/personal-access-tokens").json else {
            Issue.record("no array")
            return
        }
        #expect(rows.count == 1)
        let id = try #require(rows.first?["id"]?.text)
        #expect(stack.firstParty(stack.grace).delete("/oauth/personal-access-tokens/\(id)").status == 404)
        #expect(consumer.delete("/oauth/tokens/\(id)").status == 404)
        #expect(consumer.delete("/oauth/personal-access-tokens/\(id)").status == 204)
        #expect(stack.bearerStatus(token) == 401)
        #expect(consumer.get("/oauth/personal-access-tokens").text == "[]")
    }

    @Test func `a personal token is valid for a year, and a form may list its scopes`() {
        let made = stack.firstParty(stack.ada).post(
            "/oauth/personal-access-tokens",
            .form(["name": "form", "scopes[]": "place-orders", "scopes[]": "check-status"]))
        #expect(made.json?["token"]?["scopes"] == ["place-orders", "check-status"])
        let payload = claims(made.json?["accessToken"]?.text ?? "")
        #expect((payload?["exp"]?.double ?? 0) - (payload?["iat"]?.double ?? 0) == 31_536_000)
    }

    @Test(
        arguments: [
            (#"{}"#, "name"), (#"{"name":"a","scopes":"place-orders"}"#, "scopes"),
            (#"{"name":"a","scopes":["nope"]}"#, "scopes"),
            (#"{"name":"a","scopes":["*"]}"#, "scopes"), (#"{"name":"a","scopes":[["place-orders"]]}"#, "scopes"),
            (#"{"name":["a"]}"#, "name"),
            (#"{"name":"a","scopes":null}"#, "scopes"),
        ]) func `invalid values for a personal token are 422`(body: String, field: String)
    {
        let answer = stack.firstParty(stack.ada).post(
            "/oauth/personal-access-tokens", .raw(body, type: "application/json"))
        #expect(answer.status == 422)
        #expect(answer.json?["errors"]?[field] != nil)
    }

    @Test func `Passport's rows without our columns can be listed and revoked too`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let id = "aa".padding(toLength: 80, withPad: ada.id, startingAt: 0)
        try stack.connection().execute(
            "INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at, expires_at) VALUES (?, ?, ?, '[]', 0, UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 DAY)",
            id, ada.id, web.id)
        try stack.connection().execute(
            "INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at) VALUES (?, ?, 0, UTC_TIMESTAMP() + INTERVAL 1 DAY)",
            id, id)
        let consumer = stack.firstParty(ada)
        #expect(consumer.get("/oauth/tokens").text.contains(id))
        #expect(consumer.delete("/oauth/tokens/\(id)").status == 204)
        #expect(stack.count("SELECT revoked AS n FROM oauth_refresh_tokens WHERE id = ?", id) == 1)
    }
}
