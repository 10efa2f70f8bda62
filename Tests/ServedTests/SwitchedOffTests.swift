import Cast
import Cryptography
import HTTP
import Testing

/// Features that are off until an operator enables them, and the profile for Laravel's consumers.
@Suite struct `Grants that are off by default, and profiles` {
    static let on = Stack.permissive

    private func trusted(_ stack: Stack) -> Application {
        stack.client("Trusted", redirect: "", grants: [.password, .refreshToken])
    }

    private func request(_ client: Application, _ person: Person, password: String? = nil) -> Form {
        [
            "grant_type": "password", "client_id": client.id, "client_secret": client.secret ?? "",
            "username": person.email,
            "password": password ?? person.password, "scope": "place-orders",
        ]
    }

    @Test func `the enabled password grant works only for clients with this grant, and its tokens can be refreshed`() {
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

    @Test func `the start warns about the password grant and the implicit grant`() {
        #expect(Self.on.log.contains("RFC 9700 §2.4"))
        #expect(Self.on.log.contains("RFC 9700 §2.1.2"))
    }

    @Test func `REQUIRE_PKCE applies to confidential clients too`() {
        let stack = Self.on
        let (ada, web, verifier) = (stack.ada, stack.web, Verifier())
        #expect(stack.script(of: ada).get(stack.authorizeAddress(web)).located("error") == "invalid_request")
        #expect(
            stack.token(stack.redemption(stack.code(ada, web, verifier: verifier), web, verifier: verifier)).status
                == 200)
    }

    @Test func `the profile passport signs RS256, with the client as audience and an empty subject for a machine`()
        throws
    {
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
        let own = stack.token([
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ])
        #expect(claims(own.json?["access_token"]?.text ?? "")?["sub"] == "")
        #expect(stack.bearerStatus(own.json?["access_token"]?.text ?? "") == 401)
    }
}
