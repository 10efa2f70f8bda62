import Cast
import HTTP
import Testing

/// The differences from Passport.
///
/// The contract has a table of these differences. Each row of the table has one test here, in the
/// same order.
@Suite struct `Differences from Passport` {
    let stack = Stack.shared

    @Test func `a reused code revokes its tokens`() {
        let (ada, web) = (stack.ada, stack.web)
        let form = stack.redemption(stack.code(ada, web), web)
        let access = stack.token(form).json?["access_token"]?.text ?? ""
        #expect(stack.token(form).status == 400)
        #expect(stack.bearerStatus(access) == 401)
    }

    @Test func `only one of two simultaneous redemptions wins`() {
        let (ada, web) = (stack.ada, stack.web)
        let request = stack.consumer().request(
            "POST", "/oauth/token", .form(stack.redemption(stack.code(ada, web), web)))
        #expect(Wire.send([request, request], to: stack.port).map { $0?.status ?? 0 }.sorted() == [200, 400])
    }

    @Test func `a second approval gives no second code, and each tab has its own auth_token, which is required`() {
        let (ada, web) = (stack.ada, stack.web)
        let script = stack.script(of: ada)
        let (one, two) = (
            script.get(stack.authorizeAddress(web)).json?["auth_token"] ?? .null,
            script.get(stack.authorizeAddress(web)).json?["auth_token"] ?? .null
        )
        #expect(one != two)
        #expect(script.post("/oauth/authorize").status == 403)
        let first = script.post("/oauth/authorize", .json(["auth_token": one]))
        #expect(script.post("/oauth/authorize", .json(["auth_token": one])).text == first.text)
        #expect(script.post("/oauth/authorize", .json(["auth_token": two])).status == 200)
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_auth_codes WHERE user_id = ?", ada.id) == 2)
    }

    @Test func `personal_access does not exist over HTTP`() throws {
        let id = try #require(try stack.connection().row("SELECT id FROM oauth_clients WHERE internal = 'personal'"))
            .text("id")
        let answer = stack.token(["grant_type": "personal_access", "client_id": id, "user_id": stack.ada.id])
        #expect(answer.json?["error"] == "unsupported_grant_type")
        #expect(
            stack.token(["grant_type": "client_credentials", "client_id": id]).json?["error"] == "unauthorized_client")
    }

    @Test func `the scope * may not be requested`() {
        let machine = stack.machine
        let answer = stack.token([
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
            "scope": "*",
        ])
        #expect(answer.json?["error"] == "invalid_scope")
        #expect(
            stack.script(of: stack.ada).get(stack.authorizeAddress(stack.web, scope: "*")).located("error")
                == "invalid_scope")
    }

    @Test func `errors keep the state and name the issuer`() {
        let answer = stack.script(of: stack.ada).get(stack.authorizeAddress(stack.web, scope: "nope"))
        #expect(answer.located("state") == "st-1")
        #expect(answer.located("iss") == "http://127.0.0.1:\(stack.port)")
    }

    @Test func `a bad refresh token and a bad code are 400 invalid_grant`() {
        let web = stack.web
        for form in [stack.refreshment("bad", web), stack.redemption("bad", web)] {
            let answer = stack.token(form)
            #expect(answer.status == 400)
            #expect(answer.json?["error"] == "invalid_grant")
        }
    }

    @Test
    func `unknown response types redirect with unsupported_response_type, bad redirect URIs are 400 invalid_request`() {
        let script = stack.script(of: stack.ada)
        #expect(
            script.get(stack.authorizeAddress(stack.web, ["response_type": "x"])).located("error")
                == "unsupported_response_type")
        let bad = script.get(stack.authorizeAddress(stack.web, ["redirect_uri": "https://evil.example"]))
        #expect(bad.status == 400)
        #expect(bad.json?["error"] == "invalid_request")
    }

    @Test func `the redirect after a POST is 303`() {
        let browser = stack.browser(of: stack.ada)
        let page = browser.get(stack.authorizeAddress(stack.web))
        #expect(
            browser.post(
                "/oauth/authorize",
                .form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""])
            ).status
                == 303)
    }

    @Test func `arrays in place of text are 422 or 400, and broken JSON is 400`() {
        let consumer = stack.firstParty(stack.ada)
        #expect(consumer.post("/oauth/clients", .json(["name": ["a"], "redirect": ["b"]])).status == 422)
        #expect(consumer.post("/oauth/clients", .raw("{broken", type: "application/json")).status == 400)
        #expect(
            stack.consumer().post("/oauth/token", .json(["grant_type": "client_credentials", "client_id": ["x"]]))
                .status == 400)
        #expect(stack.consumer().post("/oauth/token", .raw("{broken", type: "application/json")).status == 400)
    }

    @Test func `PKCE accepts only S256, and public clients must use it`() {
        let (native, script, verifier) = (stack.native, stack.script(of: stack.ada), Verifier())
        #expect(script.get(stack.authorizeAddress(native)).located("error") == "invalid_request")
        #expect(
            script.get(
                stack.authorizeAddress(native, ["code_challenge": verifier.text, "code_challenge_method": "plain"])
            ).located("error")
                == "invalid_request")
        #expect(
            script.get(stack.authorizeAddress(native, ["code_challenge": verifier.challenge])).located("error")
                == "invalid_request")
        #expect(script.get(stack.authorizeAddress(native, verifier: verifier)).status == 200)
    }

    @Test func `a redirect URI with a fragment is 422`() {
        #expect(
            stack.firstParty(stack.ada).post(
                "/oauth/clients", .json(["name": "a", "redirect": "https://a.example/#x"])
            ).status == 422)
    }

    @Test
    func
        `consent is remembered for confidential clients only, while the grant is valid, even without an access token`()
        throws
    {
        let (ada, web) = (stack.ada, stack.web)
        _ = stack.tokens(ada, web)
        try stack.connection().execute(
            "UPDATE oauth_access_tokens SET expires_at = '2020-01-01 00:00:00' WHERE user_id = ?", ada.id)
        #expect(stack.browser(of: ada).get(stack.authorizeAddress(web)).located("code") != nil)
        try stack.connection().execute(
            "UPDATE oauth_refresh_families SET expires_at = '2020-01-01 00:00:00' WHERE user_id = ?", ada.id)
        #expect(stack.browser(of: ada).get(stack.authorizeAddress(web)).status == 200)
    }

    @Test func `an access token is valid for an hour, and a family for 30 days`() {
        let (ada, web) = (stack.ada, stack.web)
        #expect(stack.token(stack.redemption(stack.code(ada, web), web)).json?["expires_in"] == 3600)
        #expect(
            stack.count(
                "SELECT TIMESTAMPDIFF(DAY, created_at, expires_at) AS n FROM oauth_refresh_families WHERE user_id = ?",
                ada.id) == 30)
    }

    @Test func `a write without a credential is 401`() {
        #expect(stack.consumer().post("/oauth/clients", .json(["name": "a"])).status == 401)
    }

    @Test func `clients are listed without their secrets`() {
        let consumer = stack.firstParty(stack.ada)
        let secret =
            consumer.post("/oauth/clients", .json(["name": "a", "redirect": "https://a.example"])).json?["secret"]?.text
            ?? "missing"
        #expect(secret.count == 40)
        #expect(!consumer.get("/oauth/clients").text.contains(secret))
    }

    @Test func `expired tokens are left out of the lists`() throws {
        let (ada, web) = (stack.ada, stack.web)
        _ = stack.tokens(ada, web)
        let consumer = stack.firstParty(ada)
        consumer.post("/oauth/personal-access-tokens", .json(["name": "p"]))
        try stack.connection().execute(
            "UPDATE oauth_access_tokens SET expires_at = '2020-01-01 00:00:00' WHERE user_id = ? AND grant_type <> 'sign_in'",
            ada.id)
        #expect(consumer.get("/oauth/tokens").text == "[]")
        #expect(consumer.get("/oauth/personal-access-tokens").text == "[]")
    }

    @Test func `every token answer has its scope`() {
        let (ada, web, machine) = (stack.ada, stack.web, stack.machine)
        let answers = [
            stack.token(stack.redemption(stack.code(ada, web), web)),
            stack.token(stack.refreshment(stack.tokens(ada, web).refresh, web)),
            stack.token([
                "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
            ]),
        ]
        #expect(answers.map { $0.json?["scope"] } == ["place-orders", "place-orders", ""])
    }

    @Test func `404, 401 and 422 have the envelope`() {
        let consumer = stack.firstParty(stack.ada)
        #expect(consumer.delete("/oauth/clients/x").text == #"{"message":"Not Found","status":404}"#)
        #expect(stack.consumer().get("/oauth/clients").text == #"{"message":"Unauthorized","status":401}"#)
        #expect(
            consumer.post("/oauth/clients").text.hasPrefix(
                #"{"message":"The given data was invalid.","errors":{"name":["#))
    }

    @Test func `redeeming a code costs one digest, not 200 ms`() {
        let (ada, web) = (stack.ada, stack.web)
        let forms = (0..<5).map { _ in stack.redemption(stack.code(ada, web), web) }
        let times = forms.map { form in ContinuousClock().measure { #expect(stack.token(form).status == 200) } }
        #expect(times.min()! < .milliseconds(150))
    }

    @Test func `deleting a client revokes its refresh token rows`() {
        let ada = stack.ada
        let consumer = stack.firstParty(ada)
        let made = consumer.post("/oauth/clients", .json(["name": "a", "redirect": "https://a.example/cb"]))
        let app = Application(
            id: made.json?["id"]?.text ?? "", secret: made.json?["secret"]?.text, redirectURI: "https://a.example/cb")
        _ = stack.tokens(ada, app)
        #expect(consumer.delete("/oauth/clients/\(app.id)").status == 204)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_refresh_tokens r JOIN oauth_access_tokens t ON t.id = r.access_token_id WHERE t.client_id = ? AND r.revoked = 0",
                app.id) == 0)
    }
}
