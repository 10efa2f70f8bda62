import Cryptography
import HTTP
import MariaDB

/// The claims of an access token, which are read before its row (RFC 9068 §2.2; contract: Tokens).
struct AccessTokenClaims {
    let tokenID: AccessToken.ID
    private let notBefore: Double
    private let expiresAt: Timestamp

    /// Signs the token that belongs to a row.
    static func sign(_ token: AccessToken, with settings: Settings, _ keys: KeySet) throws -> String {
        let profile = settings.tokenProfile
        let subjectOfClient =
            settings.hasBareClientSubjects
            ? token.clientID.rawValue : profile == .passport ? "" : "client:\(token.clientID.rawValue)"
        let header: JSON = [
            "typ": profile == .passport ? "JWT" : "at+jwt", "alg": .string(keys.signing.publicKey.algorithm.rawValue),
            "kid": .string(keys.signing.publicKey.id),
        ]
        let payload: JSON = [
            "iss": .string(settings.issuer),
            "aud": .string(profile == .passport ? token.clientID.rawValue : settings.tokenAudience),
            "sub": .string(token.userID?.rawValue ?? subjectOfClient),
            "client_id": .string(token.clientID.rawValue),
            "jti": .string(token.id.rawValue),
            "iat": .integer(token.createdAt.seconds),
            "nbf": .integer(token.createdAt.seconds),
            "exp": .integer(token.expiresAt.seconds),
            "scope": .string(token.scopes.joined(separator: " ")),
            "scopes": JSON(token.scopes),
        ]
        return try JSONWebSignature.compact(header: header.bytes, payload: payload.bytes, sign: keys.signing.sign)
    }

    /// Verifies the signature, the type and the issuer of a token, or returns `nil` if any of them
    /// is wrong.
    ///
    /// The key determines the algorithm. Tokens with `none`, or with HMAC under a public key, are
    /// therefore never accepted (RFC 8725 §3.1). Passport's tokens have no issuer, and their times
    /// have fractions of a second.
    init?(verifying compact: String, with settings: Settings, _ keys: KeySet) {
        guard compact.utf8.count <= 8192, let token = JSONWebSignature(compact: compact),
            let header = JSON(parsing: token.header),
            ["at+jwt", "application/at+jwt", "jwt"].contains(header["typ"]?.text?.lowercased()), header["crit"] == nil,
            let algorithm = header["alg"]?.text
        else { return nil }
        let candidates = keys.candidates(id: header["kid"]?.text, algorithm: algorithm)
        guard candidates.contains(where: { $0.isValid(token.signature, for: token.signingInput) }),
            let claims = JSON(parsing: token.payload), claims["iss"] == nil || claims["iss"]?.text == settings.issuer,
            let id = claims["jti"]?.text, let expiry = claims["exp"]?.double, expiry.magnitude < 1e12
        else { return nil }
        tokenID = AccessToken.ID(id)
        notBefore = claims["nbf"]?.double ?? 0
        expiresAt = Timestamp(secondsSince1970: Int64(expiry))
    }

    /// Checks the times of the token.
    ///
    /// The clock of another machine may be ten seconds ahead.
    func isValid(_ now: Timestamp) -> Bool {
        expiresAt > now && notBefore <= Double(now.seconds + 10)
    }
}
