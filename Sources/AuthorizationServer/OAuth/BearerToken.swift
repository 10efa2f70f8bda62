import HTTP
import HTTPTypes

/// The access token of the `Authorization` field (RFC 6750 §2.1), valid and not revoked.
struct BearerToken {
    let token: AccessToken
    private let isOfSignIn: Bool

    /// Finds the token with one SQL statement.
    ///
    /// Returns `nil` if the field is absent. Throws 401 if the token is not valid. The query never
    /// carries a token (OAuth 2.1 §5.1).
    static func find(_ call: Call) throws -> BearerToken? {
        guard let credentials = call.request.credentials(of: "Bearer") else { return nil }
        let compact = String(credentials.trimming())
        let claims = call.worker.verified.claims(of: compact) {
            AccessTokenClaims(verifying: compact, with: call.settings, call.application.keys)
        }
        let tokens = AccessTokenRepository(call.database)
        guard let claims, claims.isValid(call.now),
            let (token, isOfSignIn) = try tokens.findActive(claims.tokenID, now: call.now)
        else {
            throw HTTPError.bearer("invalid_token")
        }
        // Users check when their tokens were last used. If a read-only database cannot store the
        // time, the request continues.
        if token.isDueToBeNoted(call.now) { try? tokens.touch(token.id, now: call.now) }
        return BearerToken(token: token, isOfSignIn: isOfSignIn)
    }

    /// Whether `POST /api/login` issued the token: its scope is `*`, and its client is our own.
    var isFirstParty: Bool { isOfSignIn && token.scopes.contains("*") }

    /// The scopes that the token grants.
    ///
    /// An adopted `*` of another client grants nothing.
    var scopes: [String] { isFirstParty ? token.scopes : token.scopes.filter { $0 != "*" } }

    /// Returns whether the token has all of these scopes.
    func covers(_ wanted: [String]) -> Bool {
        isFirstParty || wanted.allSatisfy(scopes.contains)
    }
}
