import AuthorizationServer
import Cast
import Foundation
import HTTP
import Testing

/// The OAuth 2.0 authorization framework: endpoints, codes, tokens, errors.
@Suite struct `RFC 6749` {
    private let stack = Stack.shared

    @Test func `RFC 6749 §2.3: two methods of authentication at once are invalid_request`() {
        let machine = stack.machine
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        let answer = stack.consumer().send("POST", "/oauth/token", .form(form), fields: [machine.basic])
        #expect(answer.status == 400)
        #expect(answer.json?["error"] == "invalid_request")
    }

    @Test func `RFC 6749 §2.3.1: credentials in the query are refused, and Basic is form-decoded`() {
        let machine = stack.machine
        let query = stack.consumer().post(
            "/oauth/token?client_id=\(machine.id)&client_secret=\(machine.secret ?? "")",
            .form(["grant_type": "client_credentials"]))
        #expect(query.json?["error"] == "invalid_request")
        for name in ["client_id=\(machine.id)", "client_secret=\(machine.secret ?? "")"] {
            let both = stack.consumer().send(
                "POST", "/oauth/token?\(name)", .form(["grant_type": "client_credentials"]), fields: [machine.basic])
            #expect(
                both.status == 400 && both.json?["error"] == "invalid_request", "also beside credentials in their place"
            )
        }
        let encoded = machine.id.replacing("-", with: "%2D")
        let basic = Data("\(encoded):\(machine.secret ?? "")".utf8).base64EncodedString()
        let answer = stack.consumer().send(
            "POST", "/oauth/token", .form(["grant_type": "client_credentials"]),
            fields: [("Authorization", "basic \(basic)")])
        #expect(answer.status == 200)
    }

    @Test func `RFC 6749 §2.3.1: 3abc is not client 3`() throws {
        let machine = stack.machine
        for id in [machine.id + "abc", machine.id + " abc", "0" + machine.id, machine.id + "\u{0}"] {
            #expect(
                stack.token([
                    "grant_type": "client_credentials", "client_id": id, "client_secret": machine.secret ?? "",
                ]).status >= 400)
        }
    }

    @Test func `RFC 6749 §3.1: the authorization endpoint takes GET`() {
        #expect(stack.script(of: stack.ada).get(stack.authorizeAddress(stack.web)).status == 200)
    }

    @Test func `RFC 6749 §3.1: a repeated parameter is an error`() {
        let web = stack.web
        let script = stack.script(of: stack.ada)
        let answer = script.get(stack.authorizeAddress(web) + "&scope=check-status")
        #expect(answer.located("error") == "invalid_request")
        #expect(script.get(stack.authorizeAddress(web) + "&client_id=\(web.id)").status == 400)
        #expect(script.get(stack.authorizeAddress(web) + "&redirect_uri=x").status == 400)
        let state = script.get(stack.authorizeAddress(web) + "&state=b")
        #expect(state.located("error") == "invalid_request")
    }

    @Test func `RFC 6749 §3.1: an unknown parameter is ignored, and an empty parameter counts as missing`() {
        let answer = stack.script(of: stack.ada).get(
            stack.authorizeAddress(stack.web) + "&nonsense=1&code_challenge=&prompt=")
        #expect(answer.status == 200)
    }

    @Test(arguments: ["https://a.example/cb#x", "https://a.example/cb#"])
    func `RFC 6749 §3.1.2: a redirect URI with a fragment is not registered`(
        uri: String
    ) {
        let answer = stack.firstParty(stack.ada).post(
            "/oauth/clients", .json(["name": "Fragment", "redirect": .string(uri)]))
        #expect(answer.status == 422)
        #expect(answer.json?["errors"]?["redirect"] != nil)
    }

    @Test func `RFC 6749 §3.2: a parameter that is null or empty counts as missing`() {
        let machine = stack.machine
        for nothing: JSON in [.null, ""] {
            let body: JSON = [
                "grant_type": "client_credentials", "client_id": .string(machine.id),
                "client_secret": .string(machine.secret ?? ""),
                "scope": nothing,
            ]
            #expect(stack.consumer().post("/oauth/token", .json(body)).json?["scope"] == "")
            #expect(
                stack.consumer().post("/oauth/token", .json(["grant_type": nothing])).json?["error"]
                    == "invalid_request")
        }
    }

    @Test func `RFC 6749 §3.2: a parameter sent twice is an error, in a form and in JSON`() {
        let machine = stack.machine
        let own: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
            "scope": "check-status",
        ]
        for pair in own.pairs {
            var form = own
            form.pairs.append(pair)
            let answer = stack.token(form)
            #expect(answer.status == 400 && answer.json?["error"] == "invalid_request", "\(pair.name)")
            let members = form.pairs.map { JSON.Member(name: $0.name, value: .string($0.value)) }
            #expect(
                stack.consumer().post("/oauth/token", .json(.object(members))).json?["error"] == "invalid_request",
                "\(pair.name)")
        }
    }

    @Test func `RFC 6749 §4.1.2: redeeming a code twice revokes the tokens that it issued`() {
        let (ada, web) = (stack.ada, stack.web)
        let form = stack.redemption(stack.code(ada, web), web)
        let first = stack.token(form)
        let access = first.json?["access_token"]?.text ?? ""
        #expect(stack.bearerStatus(access) == 404)
        let second = stack.token(form)
        #expect(second.status == 400)
        #expect(second.json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(access) == 401)
        #expect(
            stack.token(stack.refreshment(first.json?["refresh_token"]?.text ?? "", web)).json?["error"]
                == "invalid_grant")
    }

    @Test func `RFC 6749 §4.1.2: an expired code and an unknown code are invalid_grant`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        try stack.connection().execute(
            "UPDATE oauth_auth_codes SET expires_at = '2020-01-01 00:00:00' WHERE user_id = ?", ada.id)
        #expect(stack.token(stack.redemption(code, web)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption("nonsense", web)).json?["error"] == "invalid_grant")
    }

    @Test func `RFC 6749 §4.1.2: a code lives for a minute, and no setting allows more than ten minutes`() throws {
        let ada = stack.ada
        _ = stack.code(ada, stack.web)
        let seconds = stack.count(
            "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expires_at) AS n FROM oauth_auth_codes WHERE user_id = ? ORDER BY expires_at LIMIT 1",
            ada.id)
        #expect((50...60).contains(seconds))
        #expect(throws: SettingsError.self) { try Settings(["CODE_LIFETIME": "601"]) }
    }

    @Test func `RFC 6749 §4.1.2.1: an unknown client gets an error, and is never redirected`() {
        for consumer in [stack.consumer(), stack.script(of: stack.ada)] {
            let answer = consumer.get(
                "/oauth/authorize?response_type=code&client_id=nobody&redirect_uri=https://evil.example")
            #expect(answer.status == 400)
            #expect(answer.json?["error"] == "invalid_request")
            #expect(answer["Location"] == nil)
        }
        let page = stack.browser().get("/oauth/authorize?response_type=code&client_id=nobody")
        #expect(page.status == 400)
        #expect(page["Content-Type"] == "text/html; charset=utf-8")
    }

    @Test(
        arguments: [
            ("response_type", "nonsense", "unsupported_response_type"), ("response_type", "-", "invalid_request"),
            ("response_type", "token", "unsupported_response_type"),
            ("scope", "nope", "invalid_scope"), ("scope", "*", "invalid_scope"),
            ("code_challenge_method", "plain", "invalid_request"),
            ("code_challenge_method", "-", "invalid_request"), ("code_challenge", "short", "invalid_request"),
            ("code_challenge", "-", "invalid_request"),
            ("prompt", "none login", "invalid_request"), ("prompt", "nonsense", "invalid_request"),
        ]) func `RFC 6749 §4.1.2.1: every other error is sent to the client, with state and iss`(
            name: String, value: String, error: String
        )
    {
        let address = stack.authorizeAddress(
            stack.native, .init(dictionaryLiteral: (name, value)), verifier: Verifier())
        for consumer in [stack.browser(of: stack.ada), stack.script(of: stack.ada)] {
            let answer = consumer.get(address)
            #expect(answer.status == 302)
            #expect(answer["Location"]?.hasPrefix("https://client.example/callback?error=\(error)&") == true)
            #expect(answer.located("state") == "st-1")
            #expect(answer.located("iss") == "http://127.0.0.1:\(stack.port)")
            #expect(answer.located("error_description") != nil)
        }
    }

    @Test func `RFC 6749 §4.1.3: the redirect URI must be the same as in the authorization request`() {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        var other = stack.redemption(code, web)
        other.pairs[3].value = "https://client.example/other"
        #expect(stack.token(other).json?["error"] == "invalid_grant")
        other.pairs.remove(at: 3)
        #expect(stack.token(other).json?["error"] == "invalid_request")
        #expect(stack.token(stack.redemption(code, web)).status == 200)
    }

    @Test func `RFC 6749 §4.1.3: only its client can redeem a code, and attempts of others change nothing`() {
        let (ada, web, other) = (stack.ada, stack.web, stack.web)
        let code = stack.code(ada, web)
        #expect(stack.token(stack.redemption(code, other)).json?["error"] == "invalid_grant")
        let first = stack.token(stack.redemption(code, web))
        #expect(first.status == 200)
        #expect(stack.token(stack.redemption(code, other)).json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(first.json?["access_token"]?.text ?? "") == 404)
    }

    @Test func `RFC 6749 §5.1: a code is exchanged for a token response that must not be stored`() {
        let (ada, web) = (stack.ada, stack.web)
        let answer = stack.token(stack.redemption(stack.code(ada, web), web))
        #expect(answer.status == 200)
        #expect(answer["Cache-Control"] == "no-store")
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer.text.hasPrefix(#"{"token_type":"Bearer","expires_in":3600,"access_token":"#))
        #expect(answer.text.hasSuffix(#","scope":"place-orders"}"#))
        let claims = claims(answer.json?["access_token"]?.text ?? "") ?? [:]
        #expect(claims["sub"]?.text == ada.id)
        #expect(claims["client_id"]?.text == web.id)
        #expect(claims["iss"]?.text == "http://127.0.0.1:\(stack.port)")
        #expect(claims["aud"]?.text == "http://127.0.0.1:\(stack.port)")
        #expect(claims["scope"]?.text == "place-orders")
        #expect(claims["scopes"] == ["place-orders"])
        guard case .integer(let issued)? = claims["iat"], case .integer(let expires)? = claims["exp"] else {
            Issue.record("iat and exp are not integers")
            return
        }
        #expect(expires == issued + 3600)
        #expect(claims["jti"]?.text?.wholeMatch(of: #/[0-9a-f]{44}/#) != nil)
    }

    @Test func `RFC 6749 §5.1: every token response names its scope, even if the client asked for no scope`() {
        let (machine, web, ada) = (stack.machine, stack.web, stack.ada)
        let own: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        #expect(stack.token(own).json?["scope"] == "")
        let redeemed = stack.token(stack.redemption(stack.code(ada, web, scope: nil), web))
        #expect(redeemed.json?["scope"] == "")
        #expect(stack.token(stack.refreshment(redeemed.json?["refresh_token"]?.text ?? "", web)).json?["scope"] == "")
        #expect(
            stack.consumer().post("/api/login", .form(["email": ada.email, "password": ada.password])).json?["scope"]
                == "*")
    }

    @Test func `RFC 6749 §5.2: an unknown client, a wrong secret and a missing secret get the same answer`() {
        let machine = stack.machine
        let attempts: [Form] = [
            ["grant_type": "client_credentials", "client_id": "unknown", "client_secret": "x"],
            ["grant_type": "client_credentials", "client_id": machine.id, "client_secret": "x"],
            ["grant_type": "client_credentials", "client_id": machine.id],
            [
                "grant_type": "client_credentials", "client_id": machine.id.uppercased(),
                "client_secret": machine.secret ?? "",
            ],
        ]
        let answers = attempts.map { stack.token($0) }
        for answer in answers {
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"] == #"Basic realm="OAuth""#)
            #expect(answer.json?["error"] == "invalid_client")
            #expect(answer.text == answers[0].text)
        }
    }

    @Test(
        arguments: [
            ("", "invalid_request"), ("grant_type=", "invalid_request"),
            ("grant_type=nonsense", "unsupported_grant_type"),
            ("grant_type=personal_access&user_id=1", "unsupported_grant_type"),
            ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
            ("grant_type=implicit", "unsupported_grant_type"), ("grant_type=sign_in", "unsupported_grant_type"),
            ("grant_type=client_credentials", "invalid_request"),
            ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ]) func `RFC 6749 §5.2: an invalid request is 400 with an error of the protocol`(body: String, error: String)
    {
        let answer = stack.consumer().post("/oauth/token", .raw(body, type: "application/x-www-form-urlencoded"))
        #expect(answer.status == 400)
        #expect(answer.json?["error"]?.text == error)
        #expect(answer.json?["message"] == answer.json?["error_description"])
        #expect(answer.json?["status"] == 400)
        #expect(answer.text.hasSuffix(#""status":400}"#))
        #expect(answer["Cache-Control"] == "no-store")
    }

    @Test(arguments: ["\"", "\\", "\u{7f}", "\u{0}", "\r\n", "é", "🛂", "<script>"])
    func `RFC 6749 §5.2: the texts of an error have only allowed characters, whatever was sent`(text: String) {
        let machine = stack.machine
        func allowed(_ value: JSON?) -> Bool {
            value?.text?.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) && $0 != "\"" && $0 != "\\" }
                == true
        }
        let scoped: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
            "scope": "a\(text)b",
        ]
        let twice = Form(
            dictionaryLiteral: ("grant_type", "refresh_token"), ("client_id", "x"), ("a\(text)b", "1"),
            ("a\(text)b", "2"))
        for answer in [
            stack.token(scoped), stack.token(twice), stack.token(["grant_type": "a\(text)b", "client_id": "x"]),
        ] {
            #expect((400..<402).contains(answer.status))
            #expect(allowed(answer.json?["error"]) && allowed(answer.json?["error_description"]), "\(answer.text)")
            #expect(answer.json?["hint"] == nil || allowed(answer.json?["hint"]), "\(answer.text)")
        }
        let asked = stack.script(of: stack.ada).get(stack.authorizeAddress(stack.web, scope: "a\(text)b"))
        #expect(["invalid_scope", "invalid_request"].contains(asked.located("error")))
        #expect(asked.located("error_description").map { allowed(.string($0)) } == true)
    }

    @Test func `RFC 6749 §6: only its client can use a refresh token, and attempts of others change nothing`() {
        let (ada, web, other) = (stack.ada, stack.web, stack.web)
        let refresh = stack.tokens(ada, web).refresh
        #expect(stack.token(stack.refreshment(refresh, other)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.refreshment(refresh, web)).status == 200)
    }

    @Test func `RFC 6749 §6: a refresh may narrow the scopes of its access token only, and never widen them`() {
        let (ada, web) = (stack.ada, stack.web)
        let refresh = stack.tokens(ada, web, scope: "place-orders check-status").refresh
        var narrow = stack.refreshment(refresh, web)
        narrow.append("scope", "check-status")
        let narrowed = stack.token(narrow)
        #expect(narrowed.json?["scope"] == "check-status")
        let whole = stack.token(stack.refreshment(narrowed.json?["refresh_token"]?.text ?? "", web))
        #expect(whole.json?["scope"] == "place-orders check-status")
        let one = stack.tokens(stack.grace, web, scope: "check-status").refresh
        for scope in ["place-orders", "*", "nope"] {
            var wide = stack.refreshment(one, web)
            wide.append("scope", scope)
            #expect(stack.token(wide).json?["error"] == "invalid_scope")
        }
        #expect(stack.token(stack.refreshment(one, web)).status == 200)
    }

    @Test func `RFC 6749 §10.10: every value that could be guessed has at least 128 random bits, and never repeats`() {
        let (ada, web) = (stack.ada, stack.web)
        let codes = (0..<3).map { _ in stack.code(ada, stack.web) }
        let tokens = (0..<3).map { _ in stack.tokens(ada, web) }
        let secrets = (0..<3).map { _ in
            stack.firstParty(ada).post("/oauth/clients", .json(["name": "Guess", "redirect": "https://a.example/cb"]))
                .json?["secret"]?.text ?? ""
        }
        let sessions = (0..<3).map { _ in stack.browser(of: ada).cookies["consulate_session"] ?? "" }
        for (values, shape) in [
            (codes, #/[A-Za-z0-9_\-]{43}/#), (tokens.map(\.refresh), #/[A-Za-z0-9_\-]{43}/#),
            (secrets, #/[A-Za-z0-9]{40}/#),
            (tokens.map { claims($0.access)?["jti"]?.text ?? "" }, #/[0-9a-f]{44}/#),
            (sessions, #/[A-Za-z0-9_.%\-]{43,}/#),
        ] {
            #expect(Set(values).count == 3 && values.allSatisfy { $0.wholeMatch(of: shape) != nil }, "\(values)")
        }
    }
}
