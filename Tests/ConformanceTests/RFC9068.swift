import Cast
import Cryptography
import HTTP
import Testing

/// The profile of access tokens.
@Suite struct `RFC 9068` {
    private let stack = Stack.shared

    @Test func `RFC 9068 §2.1: a token is signed, its alg is never none, and its type is at+jwt`() throws {
        let header = try #require(
            JSONWebSignature(compact: stack.tokens(stack.ada, stack.web).access).flatMap { JSON(parsing: $0.header) })
        #expect(header["typ"] == "at+jwt")
        #expect(header["alg"] == "ES256")
        let published = stack.consumer().get("/.well-known/jwks.json").text
        #expect(header["kid"]?.text.map { published.contains(#""kid":"\#($0)""#) } == true)
    }

    @Test func `RFC 9068 §2.1: RS256 is supported`() throws {
        let stack = Stack.start("passport", settings: ["TOKEN_PROFILE": "passport"])
        defer { stack.stop() }
        let token = stack.tokens(stack.ada, stack.web).access
        #expect(JSONWebSignature(compact: token).flatMap { JSON(parsing: $0.header) }?["alg"] == "RS256")
        #expect(stack.bearerStatus(token) == 404)
    }

    @Test func `RFC 9068 §2.2: iss, exp, aud, sub, client_id, iat and jti exist, and scope is a string`() {
        let (ada, web) = (stack.ada, stack.web)
        let token = stack.tokens(ada, web, scope: "place-orders check-status").access
        let claims = claims(token) ?? [:]
        let issuer = "http://127.0.0.1:\(stack.port)"
        #expect(claims["iss"]?.text == issuer && claims["aud"]?.text == issuer)
        #expect(claims["sub"]?.text == ada.id && claims["client_id"]?.text == web.id)
        guard case .integer(let issued)? = claims["iat"], case .integer(let expires)? = claims["exp"] else {
            Issue.record("iat and exp are no integers")
            return
        }
        #expect(abs(issued - Stack.now.seconds) < 60 && expires > issued)
        #expect(claims["jti"]?.text?.isEmpty == false)
        #expect(claims["scope"] == "place-orders check-status")
    }
}
