package import Cryptography
import HTTP

/// The claims of an access token (RFC 9068 §2.2; contract: Tokens).
///
/// Times are seconds since 1970.
package struct AccessTokenClaims: Sendable {
    package let type: AccessTokenType
    package let issuer: String
    package let audiences: [String]
    /// The user, or the client if the client acts on its own behalf.
    package let subject: String
    package let clientID: String
    package let tokenID: String
    package let issuedAt: Int64
    package let notBefore: Double
    package let expiresAt: Int64
    /// The scopes of a new token.
    ///
    /// They are not read from a presented token, because its row has them.
    private let scopes: [String]

    /// Creates the claims of a new token.
    package init(
        type: AccessTokenType, issuer: String, audience: String, subject: String, clientID: String, tokenID: String,
        issuedAt: Int64,
        expiresAt: Int64, scopes: [String]
    ) {
        self.type = type
        self.issuer = issuer
        audiences = [audience]
        self.subject = subject
        self.clientID = clientID
        self.tokenID = tokenID
        self.issuedAt = issuedAt
        notBefore = Double(issuedAt)
        self.expiresAt = expiresAt
        self.scopes = scopes
    }

    /// Returns the signed token.
    package func sign(with key: SigningKey) throws -> String {
        let header: JSON = [
            "typ": .string(type.rawValue), "alg": .string(key.publicKey.algorithm.rawValue),
            "kid": .string(key.publicKey.id),
        ]
        let payload: JSON = [
            "iss": .string(issuer), "aud": .string(audiences.first ?? ""), "sub": .string(subject),
            "client_id": .string(clientID), "jti": .string(tokenID), "iat": .integer(issuedAt),
            "nbf": .integer(issuedAt),
            "exp": .integer(expiresAt), "scope": .string(scopes.joined(separator: " ")), "scopes": JSON(scopes),
        ]
        return try JSONWebSignature.compact(header: header.bytes, payload: payload.bytes, sign: key.sign)
    }

    /// Verifies the signature and the issuer of a token, or returns `nil` if either is wrong or the
    /// token is of another type.
    ///
    /// `keys` are those for access tokens only. The key determines the algorithm. Tokens with
    /// `none`, or with HMAC under a public key, are therefore never accepted (RFC 8725 §3.1).
    /// Passport's tokens have no issuer, and their times have fractions of a second.
    package init?(
        verifying compact: String, of issuer: String, with keys: [VerificationKey]
    ) {
        guard compact.utf8.count <= 8192, let token = JSONWebSignature(compact: compact),
            let header = JSON(parsing: token.header), let type = AccessTokenType(header["typ"]?.text),
            header["crit"] == nil, let algorithm = header["alg"]?.text
        else { return nil }
        // Passport's tokens name no key, so each key of the algorithm is tried.
        let id = header["kid"]?.text
        let candidates = keys.filter { $0.algorithm.rawValue == algorithm && (id == nil || $0.id == id) }
        guard candidates.contains(where: { $0.isValid(token.signature, for: token.signingInput) }),
            let claims = JSON(parsing: token.payload), claims["iss"] == nil || claims["iss"]?.text == issuer,
            let tokenID = claims["jti"]?.text, let expiry = claims["exp"]?.double, expiry.magnitude < 1e12,
            let audiences = Self.audiences(claims["aud"])
        else { return nil }
        self.type = type
        self.issuer = issuer
        self.audiences = audiences
        subject = claims["sub"]?.text ?? ""
        clientID = claims["client_id"]?.text ?? ""
        self.tokenID = tokenID
        issuedAt = Int64(claims["iat"]?.double.map { $0.magnitude < 1e12 ? $0 : 0 } ?? 0)
        notBefore = claims["nbf"]?.double ?? 0
        expiresAt = Int64(expiry)
        scopes = []
    }

    /// Reads `aud`: a text, or a list of texts (RFC 7519 §4.1.3).
    private static func audiences(_ claim: JSON?) -> [String]? {
        switch claim {
        case nil: []
        case .string(let audience)?: [audience]
        case .integer(let number)?: [String(number)]
        case .array(let audiences)? where audiences.allSatisfy({ $0.text != nil }): audiences.compactMap(\.text)
        default: nil
        }
    }

    /// Checks the times of the token.
    ///
    /// The clock of another machine may be ten seconds ahead.
    package func isValid(at seconds: Int64) -> Bool {
        expiresAt > seconds && notBefore <= Double(seconds + 10)
    }
}

/// The value of `typ` in the header of an access token.
package enum AccessTokenType: String, Sendable {
    /// RFC 9068 §2.1.
    case rfc9068 = "at+jwt"
    /// The type of Passport's tokens.
    case passport = "JWT"

    /// Reads a header, in upper or lower case and with or without `application/` (RFC 7515 §4.1.9).
    init?(_ header: String?) {
        switch header?.lowercased() {
        case "at+jwt", "application/at+jwt": self = .rfc9068
        case "jwt": self = .passport
        default: return nil
        }
    }
}
