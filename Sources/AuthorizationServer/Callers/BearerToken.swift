import HTTP
import HTTPTypes
import MariaDB
import OAuth
import Storage

/// The access token of the `Authorization` field (RFC 6750 §2.1), valid and not revoked.
///
/// Only this file reads a presented token.
struct BearerToken {
    let token: AccessToken
    private let isOfSignIn: Bool

    /// Finds the token with one SQL statement.
    ///
    /// Returns `nil` if the field is absent. Throws 401 if the token is not valid. The query never
    /// carries a token (OAuth 2.1 §5.1). `audiences` are those of which the token must have one, or
    /// `nil` for the audiences of this server.
    static func find(_ call: Call, for audiences: [String]? = nil) throws -> BearerToken? {
        guard let credentials = call.request.credentials(of: "Bearer") else { return nil }
        guard let bearer = try read(String(credentials.trimming()), for: audiences, call) else {
            throw HTTPError.bearer("invalid_token")
        }
        // Users check when their tokens were last used. If a read-only database cannot store the
        // time, the request continues.
        if bearer.token.isDueToBeNoted(call.now) {
            try? AccessTokenRepository(call.database).touch(bearer.token.id, now: call.now)
        }
        return bearer
    }

    /// Returns the token if its type, signature, times, row and audience are right.
    private static func read(_ compact: String, for audiences: [String]?, _ call: Call) throws -> BearerToken? {
        let claims = call.worker.verified.claims(of: compact) {
            AccessTokenClaims(
                verifying: compact, of: call.settings.issuer, with: call.application.keys.ofAccessTokens)
        }
        guard let claims, claims.isValid(at: call.now.seconds), try accepts(claims.type, call),
            let (token, isOfSignIn) = try AccessTokenRepository(call.database).findActive(
                AccessToken.ID(claims.tokenID), now: call.now),
            isMeant(claims, for: audiences, client: token.clientID, call.settings)
        else { return nil }
        return BearerToken(token: token, isOfSignIn: isOfSignIn)
    }

    /// Returns whether a type of tokens is accepted.
    ///
    /// `JWT` is the type of any other kind of JWT too (RFC 8725 §3.11). So it is accepted only
    /// where Passport issued tokens, or where the profile is Passport's.
    private static func accepts(_ type: AccessTokenType, _ call: Call) throws -> Bool {
        try type == .rfc9068 || call.settings.tokenProfile == .passport || call.database.isAdopted()
    }

    /// Returns whether a token was issued for one of the audiences (RFC 9068 §4, RFC 8725 §3.9).
    ///
    /// This server accepts the issuer and the values of `TOKEN_AUDIENCE`. In Passport's form, the
    /// audience is the client of the token.
    private static func isMeant(
        _ claims: AccessTokenClaims, for audiences: [String]?, client: Client.ID, _ settings: Settings
    ) -> Bool {
        if let audiences { return claims.audiences.contains(where: audiences.contains) }
        return claims.audiences.contains { $0 == settings.issuer || settings.tokenAudiences.contains($0) }
            || claims.type == .passport && claims.audiences == [client.rawValue]
    }

    /// Whether `POST /api/login` issued the token: its scope is `*`, and its client is our own.
    var isFirstParty: Bool { isOfSignIn && token.scopes.contains("*") }

    /// The scopes that the token grants.
    ///
    /// An adopted `*` of another client grants nothing.
    var scopes: [String] { isFirstParty ? token.scopes : token.scopes.filter { $0 != "*" } }

    /// Throws 403 unless the token has all of these scopes.
    func demand(_ wanted: [String]) throws(HTTPError) {
        guard isFirstParty || wanted.allSatisfy(scopes.contains) else { throw .insufficientScope(wanted) }
    }
}
