import Cast
import Cryptography
import HTTP
import Testing

/// What is off until somebody switches it on, and the profile for Laravel's consumers.
@Suite struct `Grants that are off, and profiles` {
    static let on = Stack.start("on", settings: ["PASSWORD_GRANT": "true", "IMPLICIT_GRANT": "true", "REQUIRE_PKCE": "true"])

    private func trusted(_ stack: Stack) -> Application { stack.client("Trusted", redirect: "", grants: [.password, .refreshToken]) }

    private func request(_ client: Application, _ person: Person, password: String? = nil) -> Form {
        [
            "grant_type": "password", "client_id": client.id, "client_secret": client.secret ?? "", "username": person.email,
            "password": password ?? person.password, "scope": "place-orders",
        ]
    }

    @Test func `RFC 9700 §2.4: the password grant is off, and not in the metadata`() {
        let stack = Stack.shared
        #expect(stack.token(request(trusted(stack), stack.ada)).json?["error"] == "unsupported_grant_type")
        #expect(!stack.consumer().get("/.well-known/oauth-authorization-server").text.contains(#""password""#))
    }

    @Test func `switched on, the password grant works for clients made for it alone, and refreshes`() {
        let stack = Self.on
        let (ada, client) = (stack.ada, trusted(stack))
        let answer = stack.token(request(client, ada))
        #expect(answer.status == 200)
        #expect(stack.bearerStatus(answer.json?["access_token"]?.text ?? "") == 404)
        #expect(stack.token(stack.refreshment(answer.json?["refresh_token"]?.text ?? "", client)).status == 200)
        #expect(stack.token(request(stack.web, ada)).json?["error"] == "unauthorized_client")
        let wrong = stack.token(request(client, ada, password: "wrong password"))
        #expect(wrong.status == 400)
        #expect(wrong.json?["error"] == "invalid_grant")
        #expect(stack.consumer().get("/.well-known/oauth-authorization-server").text.contains(#""password""#))
    }

    @Test func `guessing by the password grant ends in 429 temporarily_unavailable`() {
        let stack = Self.on
        let (ada, client) = (stack.ada, trusted(stack))
        for _ in 0..<5 { _ = stack.token(request(client, ada, password: "wrong password")) }
        let refused = stack.token(request(client, ada))
        #expect(refused.status == 429)
        #expect(refused.json?["error"] == "temporarily_unavailable")
        #expect(refused["Retry-After"] != nil)
    }

    @Test func `RFC 9700 §2.1.2: the implicit grant is off; switched on, it answers in the fragment`() throws {
        let off = Stack.shared
        let refused = off.script(of: off.ada).get(off.authorizeAddress(off.native, ["response_type": "token"], verifier: Verifier()))
        #expect(refused.located("error") == "unsupported_response_type")
        let stack = Self.on
        let app = stack.client("Old", isPublic: true, grants: [.implicit])
        let script = stack.script(of: stack.ada)
        let asked = script.get(stack.authorizeAddress(app, ["response_type": "token"]))
        let answer = script.post("/oauth/authorize", .json(["auth_token": asked.json?["auth_token"] ?? .null]))
        let address = try #require(answer.json?["redirect_to"]?.text)
        #expect(address.hasPrefix("https://client.example/callback#access_token="))
        #expect(address.contains("&state=st-1&iss="))
        let token = try #require(address.firstMatch(of: #/access_token=([^&]+)/#)).1
        #expect(stack.bearerStatus(String(token)) == 404)
        let error = script.get(stack.authorizeAddress(app, ["response_type": "token"], scope: "nope"))
        #expect(error["Location"]?.hasPrefix("https://client.example/callback#error=invalid_scope") == true)
        let again = script.get(stack.authorizeAddress(app, ["response_type": "token"]))
        let denied = script.delete("/oauth/authorize", .json(["auth_token": again.json?["auth_token"] ?? .null]))
        #expect(denied.json?["redirect_to"]?.text?.hasPrefix("https://client.example/callback#error=access_denied") == true)
    }

    @Test func `both are warned about at the start`() {
        #expect(Self.on.log.contains("RFC 9700 §2.4"))
        #expect(Self.on.log.contains("RFC 9700 §2.1.2"))
    }

    @Test func `REQUIRE_PKCE binds confidential clients too`() {
        let stack = Self.on
        let (ada, web, verifier) = (stack.ada, stack.web, Verifier())
        #expect(stack.script(of: ada).get(stack.authorizeAddress(web)).located("error") == "invalid_request")
        #expect(stack.token(stack.redemption(stack.code(ada, web, verifier: verifier), web, verifier: verifier)).status == 200)
    }

    @Test func `the profile passport signs RS256, with the client as audience and nobody as a machine's subject`() throws {
        let stack = Stack.start("passport", settings: ["TOKEN_PROFILE": "passport"])
        defer { stack.stop() }
        let (ada, web, machine) = (stack.ada, stack.web, stack.machine)
        let token = stack.tokens(ada, web).access
        let header = try #require(JSONWebSignature(compact: token).flatMap { JSON(parsing: $0.header) })
        #expect(header["alg"] == "RS256")
        #expect(header["typ"] == "JWT")
        #expect(header["kid"] != nil)
        #expect(claims(token)?["aud"]?.text == web.id)
        #expect(claims(token)?["sub"]?.text == ada.id)
        #expect(stack.bearerStatus(token) == 404)
        let own = stack.token(["grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? ""])
        #expect(claims(own.json?["access_token"]?.text ?? "")?["sub"] == "")
        #expect(stack.bearerStatus(own.json?["access_token"]?.text ?? "") == 401)
    }
}
