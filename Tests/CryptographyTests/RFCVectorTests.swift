import Cryptography
import Testing

@Suite struct `RFC 4648` {
    @Test(
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ]) func `10: the test vectors, in the alphabet of section 5 and without padding`(plain: String, encoded: String)
    {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test func `5: minus and underscore, not plus and slash`() {
        #expect(Base64URL.encode([0xfb, 0xff]) == "-_8")
        #expect(Base64URL.decode("-_8") == [0xfb, 0xff])
    }

    @Test(arguments: ["Zg==", "Zg=", "Z", "Z g", "+_8", "/w", "Zh", "Zm9vYmF=", "Zm9v\n", "ä"])
    func `3: padding, other characters and leftover bits are refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}

@Suite struct `RFC 7636` {
    @Test func `appendix B: the challenge of the verifier`() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(Base64URL.encode(Digest.sha256(verifier)) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }
}

@Suite struct `RFC 7515` {
    @Test func `A.1: HS256`() throws {
        let token = try #require(
            JSONWebSignature(
                compact:
                    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
            ))
        let key = SymmetricSigningKey(
            bytes: try #require(
                Base64URL.decode(
                    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")))
        #expect(key.isValid(token.signature, for: token.signingInput))
        #expect(!key.isValid(token.signature, for: token.signingInput + [0]))
        #expect(key.sign(token.signingInput) == token.signature)
    }

    @Test func `A.3: ES256`() throws {
        let token = try #require(
            JSONWebSignature(
                compact:
                    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
            ))
        let key = try VerificationKey(
            pem: PEM.p256(
                x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
        #expect(key.algorithm == .es256)
        #expect(key.isValid(token.signature, for: token.signingInput))
        #expect(!key.isValid(token.signature.reversed(), for: token.signingInput))
        #expect(!key.isValid(Array(token.signature.dropLast()), for: token.signingInput))
    }

    @Test func `A.2: RS256`() throws {
        let token = try #require(
            JSONWebSignature(
                compact:
                    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
            ))
        let key = try VerificationKey(
            pem: PEM.rsa(
                n:
                    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
            ))
        #expect(key.algorithm == .rs256)
        #expect(key.isValid(token.signature, for: token.signingInput))
        #expect(!key.isValid(token.signature, for: token.signingInput.reversed()))
    }

    @Test(arguments: ["", ".", "..", "a.b", "a.b.c.d", "e30.e30.e30=", "e30. .e30", "e3.e30.e30"])
    func `3.1: a text that is not three parts of base64url is not a token`(text: String) {
        #expect(text == ".." || JSONWebSignature(compact: text) == nil)
    }
}

@Suite struct `RFC 7517` {
    @Test func `A.1, RFC 7518 §6.2.1: a P-256 key gives its own x and y`() throws {
        let (x, y) = ("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")
        let key = try VerificationKey(pem: PEM.p256(x: x, y: y))
        #expect(key.parameters.map(\.name) == ["crv", "kty", "x", "y"])
        #expect(key.parameters.map(\.value) == ["P-256", "EC", x, y])
    }

    @Test func `A.1, RFC 7638 §3.1: an RSA key gives its own n and e, and the thumbprint of the example`() throws {
        let n =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        let key = try VerificationKey(pem: PEM.rsa(n: n))
        #expect(key.parameters.map(\.value) == ["AQAB", "RSA", n])
        #expect(key.id == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test func `only the public key of a generated key verifies its signatures`() throws {
        for algorithm in SignatureAlgorithm.allCases {
            let (key, other) = (
                try SigningKey(pem: SigningKey.generate(algorithm)), try SigningKey(pem: SigningKey.generate(algorithm))
            )
            let signature = try key.sign([1, 2, 3])
            let published = try VerificationKey(pem: key.publicKey.pem)
            #expect(published.algorithm == algorithm)
            #expect(published.id == key.publicKey.id)
            #expect(published.isValid(signature, for: [1, 2, 3]))
            #expect(!published.isValid(signature, for: [1, 2, 4]))
            #expect(!published.isValid([], for: [1, 2, 3]))
            #expect(!other.publicKey.isValid(signature, for: [1, 2, 3]))
        }
    }

    @Test(arguments: ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
    func `a text that is not a key is refused`(text: String) {
        #expect(throws: KeyError.self) { try SigningKey(pem: text) }
        #expect(throws: KeyError.self) { try VerificationKey(pem: text) }
    }
}

/// Public keys as PEM text, from the numbers that the RFCs print.
///
/// RFC 5280 §4.1, RFC 5480 §2 and RFC 8017 §A.1.1 define the format.
private enum PEM {
    static func p256(x: String, y: String) -> String {
        let algorithm: [UInt8] = [
            0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
            0x03, 0x01, 0x07,
        ]
        return text(
            element(
                0x30, algorithm + element(0x03, [0, 4] + (Base64URL.decode(x) ?? []) + (Base64URL.decode(y) ?? []))))
    }

    static func rsa(n: String) -> String {
        let algorithm: [UInt8] = [
            0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]
        let key = element(0x30, element(0x02, [0] + (Base64URL.decode(n) ?? [])) + element(0x02, [1, 0, 1]))
        return text(element(0x30, algorithm + element(0x03, [0] + key)))
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            content.count < 128
            ? [UInt8(content.count)]
            : content.count < 256
                ? [0x81, UInt8(content.count)] : [0x82, UInt8(content.count >> 8), UInt8(content.count & 255)]
        return [tag] + length + content
    }

    private static func text(_ der: [UInt8]) -> String {
        let base64 = Base64URL.encode(der).replacing("-", with: "+").replacing("_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        let lines = stride(from: 0, to: padded.count, by: 64).map { String(padded.dropFirst($0).prefix(64)) }
        return "-----BEGIN PUBLIC KEY-----\n\(lines.joined(separator: "\n"))\n-----END PUBLIC KEY-----\n"
    }
}
