import Cryptography
import HTTP
import OAuth
import Testing

/// The claims of access tokens, signed and verified without a server.
@Suite struct `Claims of an access token` {
    private static let issuer = "https://id.example"
    private static let key = try! SigningKey(pem: SigningKey.generate(.es256))

    private func verified(
        _ payload: JSON, typ: JSON = "at+jwt", keys: [VerificationKey] = [key.publicKey],
        of issuer: String = Self.issuer
    ) throws -> AccessTokenClaims? {
        let header: JSON = ["typ": typ, "alg": "ES256"]
        let token = try JSONWebSignature.compact(
            header: header.bytes, payload: payload.bytes, sign: Self.key.sign)
        return AccessTokenClaims(verifying: token, of: issuer, with: keys)
    }

    private static let payload: JSON = [
        "iss": .string(issuer), "jti": "1", "exp": 1_900_000_000, "aud": "https://api.example",
    ]

    @Test func `a signed token has the claims with which it was created`() throws {
        let claims = AccessTokenClaims(
            type: .rfc9068, issuer: Self.issuer, audience: "https://api.example", subject: "7", clientID: "shop",
            tokenID: "1", issuedAt: 1_800_000_000, expiresAt: 1_800_003_600, scopes: ["a", "b"])
        let read = try #require(
            AccessTokenClaims(verifying: claims.sign(with: Self.key), of: Self.issuer, with: [Self.key.publicKey]))
        #expect(read.type == .rfc9068 && read.audiences == ["https://api.example"] && read.subject == "7")
        #expect(read.clientID == "shop" && read.tokenID == "1" && read.issuedAt == 1_800_000_000)
        #expect(read.expiresAt == 1_800_003_600)
    }

    @Test(arguments: [
        ("at+jwt", AccessTokenType.rfc9068), ("AT+JWT", .rfc9068), ("application/at+jwt", .rfc9068),
        ("JWT", .passport), ("jwt", .passport),
    ]) func `the type is read in any case`(typ: String, type: AccessTokenType) throws {
        #expect(try verified(Self.payload, typ: .string(typ))?.type == type)
    }

    @Test(arguments: ["", "id+jwt", "logout+jwt", "dpop+jwt", "application/jwt+at", "at+jwt ", "secevent+jwt", "JOSE"])
    func `a token of another type is no access token`(typ: String) throws {
        #expect(try verified(Self.payload, typ: .string(typ)) == nil)
    }

    @Test(arguments: [JSON.null, 1, true, ["at+jwt"]]) func `a type that is no text is refused`(typ: JSON) throws {
        #expect(try verified(Self.payload, typ: typ) == nil)
    }

    @Test(
        arguments: [
            ("https://a.example", ["https://a.example"]), (7, ["7"]), ([], []),
            (["https://a.example", "https://b.example"], ["https://a.example", "https://b.example"]),
        ] as [(JSON, [String])]) func `the audience is a text or a list of texts`(audience: JSON, read: [String]) throws
    {
        var payload: JSON = ["jti": "1", "exp": 1_900_000_000]
        payload.append("aud", audience)
        #expect(try verified(payload)?.audiences == read)
    }

    @Test(arguments: [true, .number(1.5), ["a", 1], ["a": "b"]] as [JSON]) func `another audience is refused`(
        audience: JSON
    ) throws {
        var payload: JSON = ["jti": "1", "exp": 1_900_000_000]
        payload.append("aud", audience)
        #expect(try verified(payload) == nil)
    }

    @Test func `another issuer and another key are refused`() throws {
        #expect(try verified(Self.payload) != nil)
        #expect(try verified(Self.payload, of: "https://other.example") == nil)
        let other = try SigningKey(pem: SigningKey.generate(.es256)).publicKey
        #expect(try verified(Self.payload, keys: [other]) == nil)
        #expect(try verified(Self.payload, keys: []) == nil)
    }

    @Test(arguments: [(1_800_000_000, true), (1_900_000_000, false), (1_899_999_999, true)] as [(Int64, Bool)])
    func `a token is valid until it expires`(now: Int64, isValid: Bool) throws {
        #expect(try verified(Self.payload)?.isValid(at: now) == isValid)
    }

    @Test(arguments: [(0, true), (10, true), (11, false)] as [(Int64, Bool)])
    func `a clock may be ten seconds ahead`(ahead: Int64, isValid: Bool) throws {
        var payload = Self.payload
        payload.append("nbf", .integer(1_800_000_000 + ahead))
        #expect(try verified(payload)?.isValid(at: 1_800_000_000) == isValid)
    }
}
