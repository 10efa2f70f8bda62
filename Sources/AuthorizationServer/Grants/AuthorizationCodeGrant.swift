import Cryptography
import HTTP
import MariaDB
import OAuth
import Storage

/// `grant_type=authorization_code` (RFC 6749 §4.1.3, RFC 7636 §4.6).
enum AuthorizationCodeGrant {
    static let grant = Grant(
        .authorizationCode, takes: " takes `code`, `redirect_uri` and `code_verifier`",
        [
            .init(
                "code", isRequired: false, "The authorization code.", .variable("CODE", like: "SplxlOBeZQQYbYS6WxSbIA")),
            .init(
                "redirect_uri", isRequired: false,
                "The same value as in the authorization request, if the request had it.",
                .value("https://shop.example/callback")),
            .init(
                "code_verifier", isRequired: false, "The verifier of PKCE.",
                .value("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
        ], example: nil, exchange: exchange)

    /// Exchanges a code for tokens.
    ///
    /// Checks everything before the code is redeemed, so a wrong attempt changes nothing. Of
    /// parallel attempts, only one redeems the code. Each other attempt is a second use, and ends
    /// the family that the first attempt created (RFC 6749 §4.1.2).
    static func exchange(_ call: Call, _ client: Client, _ parameters: Parameters) throws -> IssuedTokens {
        let presented = try parameters.requiredOAuthText("code", atMost: Parameters.longestToken)
        let redirectURI = try parameters.oauthText("redirect_uri")
        let verifier = try parameters.oauthText("code_verifier")
        let codes = AuthorizationCodeRepository(call.database)
        let passportID = try passportCode(presented, client, codes, call)
        let id = passportID ?? AuthorizationCode.ID(Digest.hexadecimal(presented))
        guard let code = try codes.find(id), code.clientID == client.id else {
            throw OAuthError.invalidGrant("The authorization code is invalid.")
        }
        try check(redirectURI: redirectURI, against: code)
        try check(verifier: verifier, against: code)
        if !code.isUsed, code.expiresAt <= call.now {
            throw OAuthError.invalidGrant("The authorization code has expired.")
        }
        let issuer = TokenIssuer(call)
        // Passport accepts `*` in a code, but removes it from the scopes of the tokens.
        let (family, issued) = try issuer.makeFamily(
            id: code.familyID, user: code.userID, client: client, scopes: code.scopes.filter { $0 != "*" },
            grant: .authorizationCode, authorization: code.authorization, place: code.place)
        let isFirst = try call.issue(issued.accessToken) { change in
            try codes.redeem(id, for: issued, of: family, in: change)
        }
        guard isFirst else {
            try call.change(.codeReused, user: code.userID, client: client.id) { change in
                try RefreshFamilyRepository(call.database).revoke(code.familyID, in: change)
            }
            throw OAuthError.invalidGrant("The authorization code has been used.")
        }
        if passportID != nil { PassportPayload.giveBack(client, call) }
        return issued
    }

    /// Returns the id of a code that Passport issued, or `nil` for any other code.
    ///
    /// Adopts the code: fills the columns that only our codes use.
    private static func passportCode(
        _ presented: String, _ client: Client, _ codes: AuthorizationCodeRepository, _ call: Call
    ) throws -> AuthorizationCode.ID? {
        guard let payload = try PassportPayload.read(presented, by: client, call), let id = payload.codeID else {
            return nil
        }
        if payload.clientID == client.id, payload.expiresAt > call.now {
            try codes.adopt(
                id, of: payload.userID, for: client.id, redirectURI: payload.redirectURI,
                codeChallenge: payload.codeChallenge, family: TokenIssuer.newFamilyID())
        }
        return id
    }

    /// Checks that the token request names the redirect URI of the authorization request
    /// (RFC 6749 §4.1.3).
    ///
    /// Checks nothing if the authorization request named no redirect URI.
    private static func check(redirectURI: String?, against code: AuthorizationCode) throws(OAuthError) {
        guard let expected = code.redirectURI else { return }
        guard let redirectURI else { throw .invalidRequest("redirect_uri") }
        guard RedirectURI(registered: expected).isSame(as: redirectURI) else {
            throw .invalidGrant("The redirect URI is not the one of the authorization request.")
        }
    }

    /// Checks the code verifier: a challenge requires a verifier, and a verifier requires a
    /// challenge (RFC 9700 §4.8.2).
    private static func check(verifier: String?, against code: AuthorizationCode) throws(OAuthError) {
        guard let challenge = code.codeChallenge else {
            if verifier != nil {
                throw .invalidGrant("A code verifier was sent, but the authorization request had no challenge.")
            }
            return
        }
        guard let verifier else { throw .invalidRequest("code_verifier") }
        guard CodeChallenge.isWellFormed(verifier) else {
            throw .invalidRequest(
                "code_verifier",
                "A code verifier has 43 to 128 letters, digits, hyphens, periods, underscores and tildes.")
        }
        guard challenge.verifies(verifier) else { throw .invalidGrant("Failed to verify the code verifier.") }
    }
}
