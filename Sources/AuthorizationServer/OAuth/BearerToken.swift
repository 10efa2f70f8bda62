import HTTP
import HTTPTypes

/// The access token of the `Authorization` field (RFC 6750 §2.1), valid and not revoked.
struct BearerToken {
    let token: AccessToken
    private let isOfSignIn: Bool

    /// Finds it, in one statement; `nil` without the field, and 401 for a token that is worth nothing.
    ///
    /// The query never carries one (OAuth 2.1 §5.1).
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
        // People look whether their tokens are used; that a read-only database cannot note it stops nobody.
        if token.isDueToBeNoted(call.now) { try? tokens.touch(token.id, now: call.now) }
        return BearerToken(token: token, isOfSignIn: isOfSignIn)
    }

    /// Issued by `POST /api/login`: the scope `*`, and our own client.
    var isFirstParty: Bool { isOfSignIn && token.scopes.contains("*") }

    /// What it may do; an adopted `*` of another client is worth nothing.
    var scopes: [String] { isFirstParty ? token.scopes : token.scopes.filter { $0 != "*" } }

    /// Whether it has all of these scopes.
    func covers(_ wanted: [String]) -> Bool {
        isFirstParty || wanted.allSatisfy(scopes.contains)
    }
}
