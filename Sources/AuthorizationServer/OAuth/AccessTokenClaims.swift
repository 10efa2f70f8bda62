import Cryptography
import HTTP
import MariaDB

/// What an access token says, before its row is asked (RFC 9068 §2.2; contract: Tokens).
struct AccessTokenClaims {
    let tokenID: AccessToken.ID
    private let notBefore: Double
    private let expiresAt: Timestamp

    /// Signs a token about a row.
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

    /// Verifies a token's signature, type and issuer; `nil` if any of them is wrong.
    ///
    /// The key decides about the algorithm, so `none` and HMAC with a public key have nowhere to go (RFC 8725 §3.1). Passport's tokens have no issuer and fractional times.
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

    /// Whether the times fit; another machine's clock may be ten seconds ahead.
    func isValid(_ now: Timestamp) -> Bool {
        expiresAt > now && notBefore <= Double(now.seconds + 10)
    }
}
