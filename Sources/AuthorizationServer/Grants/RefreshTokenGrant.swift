import Cryptography
import MariaDB

/// `grant_type=refresh_token` (RFC 6749 §6, RFC 9700 §4.14.2).
enum RefreshTokenGrant {
    /// Exchanges a refresh token for its successor and an access token.
    ///
    /// The successor is derived from what was presented, so a client whose answer was lost gets the same one again for a few seconds. Any other second use means that two parties hold
    /// the token, and ends the family. The token's row and its family's are locked first: whoever comes second sees what the first did.
    static func exchange(_ call: Call, _ client: Client, _ parameters: Parameters) throws -> IssuedTokens {
        let presented = try parameters.requiredOAuthText("refresh_token")
        let scope = try parameters.oauthText("scope")
        let successor = Base64URL.encode(call.application.applicationKey.authenticate(presented, for: .refreshToken))
        let issued: IssuedTokens? = try call.database.transaction {
            let tokens = RefreshTokenRepository(call.database)
            guard let token = try tokens.lock(RefreshToken.ID(Digest.hexadecimal(presented))), token.family.clientID == client.id,
                !token.family.isRevoked, token.family.expiresAt > call.now
            else { throw OAuthError.invalidGrant("The refresh token is invalid.") }
            let scopes = try narrow(scope, of: token.family, in: call.settings.scopes)
            return try rotate(token, to: successor, scopes, call)
        }
        guard let issued else { throw OAuthError.invalidGrant("The refresh token has been used.") }
        return issued
    }

    /// The scopes of the access token: those that were granted, or fewer; `*` is never asked for.
    private static func narrow(_ parameter: String?, of family: RefreshFamily, in catalogue: ScopeCatalogue) throws(OAuthError) -> [String] {
        guard let parameter else { return family.scopes }
        let ids = parameter.split(separator: " ").map(String.init)
        for id in ids where id == "*" || !(family.scopes.contains(id) || family.scopes.contains("*") && catalogue.contains(id)) {
            throw .invalidScope(id)
        }
        return ids.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Rotates a token that is unused, repeats for one that was just used, and ends the family of any other.
    private static func rotate(_ token: RefreshToken, to successor: String, _ scopes: [String], _ call: Call) throws -> IssuedTokens? {
        let tokens = RefreshTokenRepository(call.database)
        let issuer = TokenIssuer(call)
        let family = token.family
        let successorID = RefreshToken.ID(Digest.hexadecimal(successor))
        if !token.isRevoked {
            try tokens.rotate(token.id, to: successorID, now: call.now)
            if family.isDueToBeNoted(call.now) { try RefreshFamilyRepository(call.database).touch(family.id, now: call.now) }
            try AccessTokenRepository(call.database).revoke(of: family.id, now: call.now)
            let accessToken = try issuer.storeAccessToken(
                user: family.userID, client: family.clientID, scopes: scopes, grant: .refreshToken, family: family)
            try tokens.store(successorID, accessToken: accessToken, family: family)
            return IssuedTokens(accessToken: accessToken, refreshToken: successor)
        }
        if let rotatedAt = token.rotatedAt, call.now <= rotatedAt + call.settings.refreshOverlap, try tokens.isUnused(successorID) {
            let accessToken = try issuer.storeAccessToken(
                user: family.userID, client: family.clientID, scopes: scopes, grant: .refreshToken, family: family)
            return IssuedTokens(accessToken: accessToken, refreshToken: successor)
        }
        try RefreshFamilyRepository(call.database).revoke(family.id, now: call.now)
        return nil
    }
}
