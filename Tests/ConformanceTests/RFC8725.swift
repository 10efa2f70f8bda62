import Cast
import Cryptography
import Foundation
import HTTP
import MariaDB
import Testing

/// The answers of a bearer route to JSON Web Tokens that others wrote.
@Suite struct `RFC 8725` {
    private let stack = Stack.shared

    @Test
    func `RFC 8725 §3.1: the alg of a token decides nothing: none, and HMAC with the public key, are both refused`()
        throws
    {
        let token = stack.tokens(stack.ada, stack.web).access
        let payload = try #require(JSONWebSignature(compact: token)).payload
        let pem = try String(contentsOf: stack.folder.appending(path: "access-token-public.key"), encoding: .utf8)
        for key in [pem, pem.trimmingCharacters(in: .whitespacesAndNewlines)] {
            let hmac = SymmetricSigningKey(bytes: Array(key.utf8))
            let header: JSON = ["typ": "at+jwt", "alg": "HS256"]
            #expect(
                stack.bearerStatus(JSONWebSignature.compact(header: header.bytes, payload: payload, sign: hmac.sign))
                    == 401)
        }
        for algorithm in ["none", "None", "NONE", ""] {
            let header: JSON = ["typ": "at+jwt", "alg": .string(algorithm)]
            #expect(
                stack.bearerStatus(JSONWebSignature.compact(header: header.bytes, payload: payload, sign: { _ in [] }))
                    == 401)
        }
    }

    @Test func `RFC 8725 §3.1: a signature by an unknown key or by a key of another type is refused`() throws {
        let token = stack.tokens(stack.ada, stack.web).access
        let original = try #require(JSONWebSignature(compact: token))
        let kid = try #require(JSON(parsing: original.header)?["kid"])
        for algorithm: SignatureAlgorithm in [.es256, .rs256] {
            let stranger = try SigningKey(pem: SigningKey.generate(algorithm))
            let header: JSON = ["typ": "at+jwt", "alg": .string(algorithm.rawValue), "kid": kid]
            #expect(
                stack.bearerStatus(
                    try JSONWebSignature.compact(header: header.bytes, payload: original.payload, sign: stranger.sign))
                    == 401)
        }
    }

    @Test
    func
        `RFC 8725 §3.8: a signature of our key with another issuer, type, time or extension is refused, even with a live row`()
        throws
    {
        let token = stack.tokens(stack.ada, stack.web).access
        let now = Stack.now.seconds
        #expect(stack.bearerStatus(try signed(token)) == 404)
        #expect(stack.bearerStatus(try signed(token, claims: ["iss": "https://other.example"])) == 401)
        #expect(stack.bearerStatus(try signed(token, claims: ["exp": .integer(now - 1)])) == 401)
        #expect(stack.bearerStatus(try signed(token, claims: ["exp": "9999999999"])) == 401)
        #expect(stack.bearerStatus(try signed(token, claims: ["exp": .null])) == 401)
        #expect(stack.bearerStatus(try signed(token, claims: ["nbf": .integer(now + 60)])) == 401)
        #expect(stack.bearerStatus(try signed(token, claims: ["jti": "0123"])) == 401)
        #expect(stack.bearerStatus(try signed(token, header: ["typ": "logout+jwt"])) == 401)
        #expect(stack.bearerStatus(try signed(token, header: ["kid": "another"])) == 401)
        #expect(stack.bearerStatus(try signed(token, header: ["crit": ["exp"]])) == 401)
    }

    @Test func `RFC 8725 §3.9: a token for another audience is refused, also for the client where no Passport was`()
        throws
    {
        let web = stack.web
        let token = stack.tokens(stack.ada, web).access
        let issuer = try #require(claims(token)?["iss"])
        for audience: JSON in [issuer, ["https://other.example", issuer]] {
            #expect(stack.bearerStatus(try signed(token, claims: ["aud": audience])) == 404)
        }
        for audience: JSON in [
            "https://other.example", [], .string(web.id), .string((issuer.text ?? "") + "/"), "", .null, [["a"]], 7,
        ] {
            #expect(stack.bearerStatus(try signed(token, claims: ["aud": audience])) == 401, "\(audience)")
        }
    }

    @Test func `RFC 8725 §3.11: the type JWT, which any kind of token may have, is refused without a Passport`() throws
    {
        let web = stack.web
        let token = stack.tokens(stack.ada, web).access
        for type in ["JWT", "jwt"] {
            #expect(stack.bearerStatus(try signed(token, header: ["typ": .string(type)])) == 401)
            #expect(
                stack.bearerStatus(
                    try signed(token, header: ["typ": .string(type)], claims: ["aud": .string(web.id)])) == 401)
        }
    }

    @Test func `RFC 8725 §3.10: kid, jku, x5u, x5c and jwk never lead to a foreign key`() throws {
        let token = stack.tokens(stack.ada, stack.web).access
        let stranger = try SigningKey(pem: SigningKey.generate(.es256))
        let original = try #require(JSONWebSignature(compact: token))
        let address: JSON = .string("http://127.0.0.1:\(stack.port)/.well-known/jwks.json")
        let own = JSON.object(
            stranger.publicKey.parameters.map { JSON.Member(name: $0.name, value: .string($0.value)) })
        for (name, value): (String, JSON) in [
            ("kid", "../../../../dev/null"), ("kid", "' OR 1=1 -- "), ("kid", "\u{0}"), ("kid", 1), ("kid", ["a"]),
            ("kid", .null), ("jku", address),
            ("x5u", address),
            ("x5c", ["MIIB"]), ("jwk", own),
        ] {
            let header: JSON = .object([
                .init(name: "typ", value: "at+jwt"), .init(name: "alg", value: "ES256"),
                .init(name: name, value: value),
            ])
            let forged = try JSONWebSignature.compact(
                header: header.bytes, payload: original.payload, sign: stranger.sign)
            #expect(stack.bearerStatus(forged) == 401, "\(name)")
        }
        for name in ["jku", "x5u", "x5c", "jwk"] {
            #expect(
                stack.bearerStatus(try signed(token, header: [name: address])) == 404,
                "our own signature stays good beside an ignored \(name)")
        }
    }

    @Test func `RFC 8725 §3.11: a token in a token, a huge token and a deep token are refused quickly`() throws {
        let token = stack.tokens(stack.ada, stack.web).access
        let nested = try signed(token, header: ["cty": "JWT"], claims: ["jti": .string(token)])
        let deep = String(repeating: "[", count: 4000) + String(repeating: "]", count: 4000)
        let key = try SigningKey(
            pem: String(contentsOf: stack.folder.appending(path: "access-token-private.key"), encoding: .utf8))
        let header = try #require(JSONWebSignature(compact: token)).header
        let deeply = try JSONWebSignature.compact(
            header: header, payload: Array(#"{"jti":\#(deep)}"#.utf8), sign: key.sign)
        let huge = try signed(token, claims: ["extra": .string(String(repeating: "x", count: 10_000)), "jti": "0"])
        let took = ContinuousClock().measure {
            for forged in [nested, deeply, huge, String(repeating: "a.", count: 7000)] {
                #expect([400, 401].contains(stack.bearerStatus(forged)))
            }
        }
        #expect(took < .seconds(10))
    }

    /// Returns the token with some members changed, signed by the stack's own key.
    private func signed(_ token: String, header: [String: JSON] = [:], claims: [String: JSON] = [:]) throws -> String {
        let key = try SigningKey(
            pem: String(contentsOf: stack.folder.appending(path: "access-token-private.key"), encoding: .utf8))
        let original = try #require(JSONWebSignature(compact: token))
        return try JSONWebSignature.compact(
            header: Self.changed(original.header, header), payload: Self.changed(original.payload, claims),
            sign: key.sign)
    }

    private static func changed(_ document: [UInt8], _ changes: [String: JSON]) throws -> [UInt8] {
        guard case .object(var members)? = JSON(parsing: document) else { return document }
        members.removeAll { changes[$0.name] != nil }
        return JSON.object(members + changes.map { JSON.Member(name: $0.key, value: $0.value) }).bytes
    }
}
