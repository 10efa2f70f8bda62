import Cast
import Cryptography
import Foundation
import HTTP
import Testing

/// `POST /oauth/token`, its success and each of its errors.
@Suite struct `The token endpoint` {
    let stack = Stack.shared

    // MARK: authorization_code

    @Test func `RFC 6749 §5.1: a code is exchanged for a token response that nobody may keep`() {
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

    @Test func `RFC 7636 §4.6: a public client redeems with its verifier, and not without or with another`() {
        let (ada, native, verifier) = (stack.ada, stack.native, Verifier())
        let code = stack.code(ada, native, verifier: verifier)
        let without = stack.token(stack.redemption(code, native))
        #expect(without.status == 400)
        #expect(without.json?["error"] == "invalid_request")
        #expect(stack.token(stack.redemption(code, native, verifier: Verifier())).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption(code, native, verifier: verifier)).status == 200)
    }

    @Test func `a confidential client that used PKCE is held to it`() {
        let (ada, web, verifier) = (stack.ada, stack.web, Verifier())
        let code = stack.code(ada, web, verifier: verifier)
        #expect(stack.token(stack.redemption(code, web)).status == 400)
        #expect(stack.token(stack.redemption(code, web, verifier: verifier)).status == 200)
    }

    @Test func `RFC 9700 §4.8.2: a verifier without a challenge is refused`() {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        let answer = stack.token(stack.redemption(code, web, verifier: Verifier()))
        #expect(answer.status == 400)
        #expect(answer.json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption(code, web)).status == 200)
    }

    @Test func `RFC 6749 §4.1.3: the redirect URI must be the one of the request`() {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        var other = stack.redemption(code, web)
        other.pairs[3].value = "https://client.example/other"
        #expect(stack.token(other).json?["error"] == "invalid_grant")
        other.pairs.remove(at: 3)
        #expect(stack.token(other).json?["error"] == "invalid_request")
        #expect(stack.token(stack.redemption(code, web)).status == 200)
    }

    @Test func `RFC 6749 §4.1.2: a code redeemed twice revokes what it issued`() {
        let (ada, web) = (stack.ada, stack.web)
        let form = stack.redemption(stack.code(ada, web), web)
        let first = stack.token(form)
        let access = first.json?["access_token"]?.text ?? ""
        #expect(stack.bearerStatus(access) == 404)
        let second = stack.token(form)
        #expect(second.status == 400)
        #expect(second.json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(access) == 401)
        #expect(stack.token(stack.refreshment(first.json?["refresh_token"]?.text ?? "", web)).json?["error"] == "invalid_grant")
    }

    @Test func `somebody else's attempt at a code changes nothing`() {
        let (ada, web, other) = (stack.ada, stack.web, stack.web)
        let code = stack.code(ada, web)
        #expect(stack.token(stack.redemption(code, other)).json?["error"] == "invalid_grant")
        let first = stack.token(stack.redemption(code, web))
        #expect(first.status == 200)
        #expect(stack.token(stack.redemption(code, other)).json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(first.json?["access_token"]?.text ?? "") == 404)
    }

    @Test func `a code that has expired, and one that never was, are invalid_grant`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        try stack.connection().execute("UPDATE oauth_auth_codes SET expires_at = '2020-01-01 00:00:00' WHERE user_id = ?", ada.id)
        #expect(stack.token(stack.redemption(code, web)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption("nonsense", web)).json?["error"] == "invalid_grant")
    }

    @Test func `codes, refresh tokens and secrets are stored as digests only`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        let refresh = stack.token(stack.redemption(code, web)).json?["refresh_token"]?.text ?? ""
        let dump = try Folder.mariaDB.query(
            "SELECT * FROM oauth_auth_codes; SELECT * FROM oauth_refresh_tokens; SELECT * FROM oauth_clients; SELECT * FROM oauth_refresh_families",
            database: "shared")
        #expect(dump.contains(web.id))
        for secret in [code, refresh, web.secret ?? ""] {
            #expect(!secret.isEmpty)
            #expect(!dump.contains(secret))
        }
    }

    // MARK: client_credentials

    @Test func `client_credentials gives a machine a token that is nobody's, by Basic, by form and by JSON`() throws {
        let machine = stack.machine
        let body: Form = ["grant_type": "client_credentials", "scope": "check-status"]
        let inBody: JSON = [
            "grant_type": "client_credentials", "client_id": .string(machine.id), "client_secret": .string(machine.secret ?? ""),
            "scope": "check-status",
        ]
        var form = body
        form.pairs += [("client_id", machine.id), ("client_secret", machine.secret ?? "")]
        let answers = [
            stack.consumer().send("POST", "/oauth/token", .form(body), fields: [machine.basic]),
            stack.consumer().post("/oauth/token", .form(form)),
            stack.consumer().post("/oauth/token", .json(inBody)),
        ]
        for answer in answers {
            #expect(answer.status == 200)
            #expect(answer.json?["refresh_token"] == nil)
            #expect(answer.json?["scope"] == "check-status")
            let token = try #require(answer.json?["access_token"]?.text)
            #expect(claims(token)?["sub"]?.text == "client:\(machine.id)")
            #expect(stack.bearerStatus(token) == 401)
        }
    }

    @Test func `RFC 6749 §3.2: a parameter that is null or empty was left out`() {
        let machine = stack.machine
        for nothing: JSON in [.null, ""] {
            let body: JSON = [
                "grant_type": "client_credentials", "client_id": .string(machine.id), "client_secret": .string(machine.secret ?? ""),
                "scope": nothing,
            ]
            #expect(stack.consumer().post("/oauth/token", .json(body)).json?["scope"] == "")
            #expect(stack.consumer().post("/oauth/token", .json(["grant_type": nothing])).json?["error"] == "invalid_request")
        }
    }

    @Test func `a scope that does not exist, and the star, are invalid_scope`() {
        let machine = stack.machine
        for scope in ["nope", "*", "place-orders *"] {
            let answer = stack.token([
                "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "", "scope": scope,
            ])
            #expect(answer.status == 400)
            #expect(answer.json?["error"] == "invalid_scope")
        }
    }

    @Test func `a web client may not use client_credentials, nor a public one, nor a machine a code`() {
        let (web, native, machine) = (stack.web, stack.native, stack.machine)
        #expect(
            stack.token(["grant_type": "client_credentials", "client_id": web.id, "client_secret": web.secret ?? ""]).json?["error"]
                == "unauthorized_client")
        #expect(stack.token(["grant_type": "client_credentials", "client_id": native.id]).json?["error"] == "unauthorized_client")
        #expect(stack.token(stack.redemption("x", machine)).json?["error"] == "unauthorized_client")
        let odd = stack.client("Odd", isPublic: true, grants: [.clientCredentials])
        #expect(stack.token(["grant_type": "client_credentials", "client_id": odd.id]).json?["error"] == "invalid_client")
    }

    // MARK: client authentication

    @Test func `RFC 6749 §5.2: an unknown client and a wrong or missing secret are told apart by nothing`() {
        let machine = stack.machine
        let attempts: [Form] = [
            ["grant_type": "client_credentials", "client_id": "unknown", "client_secret": "x"],
            ["grant_type": "client_credentials", "client_id": machine.id, "client_secret": "x"],
            ["grant_type": "client_credentials", "client_id": machine.id],
            ["grant_type": "client_credentials", "client_id": machine.id.uppercased(), "client_secret": machine.secret ?? ""],
        ]
        let answers = attempts.map { stack.token($0) }
        for answer in answers {
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"] == #"Basic realm="OAuth""#)
            #expect(answer.json?["error"] == "invalid_client")
            #expect(answer.text == answers[0].text)
        }
    }

    @Test func `RFC 6749 §2.3: two methods of authentication at once are invalid_request`() {
        let machine = stack.machine
        let form: Form = ["grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? ""]
        let answer = stack.consumer().send("POST", "/oauth/token", .form(form), fields: [machine.basic])
        #expect(answer.status == 400)
        #expect(answer.json?["error"] == "invalid_request")
    }

    @Test func `RFC 6749 §2.3.1: credentials in the query are refused, and Basic is form-decoded`() {
        let machine = stack.machine
        let query = stack.consumer().post(
            "/oauth/token?client_id=\(machine.id)&client_secret=\(machine.secret ?? "")", .form(["grant_type": "client_credentials"]))
        #expect(query.json?["error"] == "invalid_request")
        let encoded = machine.id.replacing("-", with: "%2D")
        let basic = Data("\(encoded):\(machine.secret ?? "")".utf8).base64EncodedString()
        let answer = stack.consumer().send(
            "POST", "/oauth/token", .form(["grant_type": "client_credentials"]), fields: [("Authorization", "basic \(basic)")])
        #expect(answer.status == 200)
    }

    @Test func `a public client that shows a secret is refused`() {
        let (ada, native, verifier) = (stack.ada, stack.native, Verifier())
        var form = stack.redemption(stack.code(ada, native, verifier: verifier), native, verifier: verifier)
        form.append("client_secret", "guess")
        #expect(stack.token(form).json?["error"] == "invalid_client")
    }

    @Test func `secrets that Passport stored, plain and bcrypt, verify too`() throws {
        let (plain, bcrypt) = (stack.machine, stack.machine)
        let connection = stack.connection()
        try connection.execute("UPDATE oauth_clients SET secret = ? WHERE id = ?", "a plain secret of forty characters......", plain.id)
        try connection.execute("UPDATE oauth_clients SET secret = ? WHERE id = ?", PasswordHash.bcrypt("secret123", cost: 4).text, bcrypt.id)
        func status(_ id: String, _ secret: String) -> Int {
            stack.token(["grant_type": "client_credentials", "client_id": id, "client_secret": secret]).status
        }
        #expect(status(plain.id, "a plain secret of forty characters......") == 200)
        #expect(status(plain.id, "another") == 401)
        #expect(status(bcrypt.id, "secret123") == 200)
        #expect(status(bcrypt.id, "another") == 401)
    }

    @Test func `RFC 6749 §2.3.1: 3abc is not client 3`() throws {
        let machine = stack.machine
        for id in [machine.id + "abc", " " + machine.id, machine.id + " ", machine.id + "\u{0}"] {
            #expect(stack.token(["grant_type": "client_credentials", "client_id": id, "client_secret": machine.secret ?? ""]).status >= 400)
        }
    }

    // MARK: the request

    @Test(
        arguments: [
            ("", "invalid_request"), ("grant_type=", "invalid_request"), ("grant_type=nonsense", "unsupported_grant_type"),
            ("grant_type=personal_access&user_id=1", "unsupported_grant_type"),
            ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
            ("grant_type=implicit", "unsupported_grant_type"), ("grant_type=sign_in", "unsupported_grant_type"),
            ("grant_type=client_credentials", "invalid_request"), ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ]) func `what cannot be understood is 400 in the protocol's words`(body: String, error: String)
    {
        let answer = stack.consumer().post("/oauth/token", .raw(body, type: "application/x-www-form-urlencoded"))
        #expect(answer.status == 400)
        #expect(answer.json?["error"]?.text == error)
        #expect(answer.json?["message"] == answer.json?["error_description"])
        #expect(answer.json?["status"] == 400)
        #expect(answer.text.hasSuffix(#""status":400}"#))
        #expect(answer["Cache-Control"] == "no-store")
    }

    @Test func `other methods, types and sizes are invalid_request, with their statuses`() {
        let twice = stack.consumer().post("/oauth/token", .raw(#"{"grant_type":"client_credentials","grant_type":"x"}"#, type: "application/json"))
        #expect(twice.json?["error"] == "invalid_request")
        let get = stack.consumer().get("/oauth/token")
        #expect(get.status == 405)
        #expect(get["Allow"] == "POST")
        #expect(get.json?["error"] == "invalid_request")
        let type = stack.consumer().post("/oauth/token", .raw("x", type: "text/plain"))
        #expect(type.status == 415)
        #expect(type.json?["error"] == "invalid_request")
        let size = stack.consumer().post("/oauth/token", .raw(String(repeating: "x", count: 100_000), type: "application/json"))
        #expect(size.status == 413)
        #expect(size.json?["error"] == "invalid_request")
    }

    @Test func `a browser gets a document here, not a page`() {
        let answer = stack.browser().post("/oauth/token", .form(["grant_type": "nonsense"]))
        #expect(answer["Content-Type"] == "application/json")
    }

    @Test func `the debug members come before status, and only with APP_DEBUG`() {
        let debugging = Stack.start("debugging", settings: ["APP_DEBUG": "true"])
        defer { debugging.stop() }
        #expect(debugging.consumer().get("/nowhere").text == #"{"message":"Not Found","code":404,"trace":["HTTPError"],"status":404}"#)
        #expect(stack.consumer().get("/nowhere").text == #"{"message":"Not Found","status":404}"#)
    }
}
