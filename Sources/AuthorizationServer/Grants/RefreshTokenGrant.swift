import Cryptography
import HTTP
import MariaDB
import OAuth
import Storage

/// `grant_type=refresh_token` (RFC 6749 §6, RFC 9700 §4.14.2).
enum RefreshTokenGrant {
    static let grant = Grant(
        .refreshToken, takes: " takes `refresh_token` and optionally a narrower `scope`",
        [
            .init("refresh_token", isRequired: false, "The refresh token. The answer has its successor."),
            .scope,
        ],
        example: .init(
            title: "refresh_token",
            body: [
                ("grant_type", .value("refresh_token")),
                ("refresh_token", .variable("REFRESH_TOKEN", like: AccessToken.sampleRefreshToken)),
            ], client: ""),
        exchange: exchange)

    /// Exchanges a refresh token for its successor and an access token.
    ///
    /// The successor is derived from the presented token. A client that lost the response therefore
    /// gets the same successor again, for a few seconds. Any other second use means that two
    /// parties hold the token, and ends the family.
    static func exchange(_ call: Call, _ client: Client, _ parameters: Parameters) throws -> IssuedTokens {
        let presented = try parameters.requiredOAuthText("refresh_token", atMost: Parameters.longestToken)
        let scope = try parameters.scope()
        let tokens = RefreshTokenRepository(call.database)
        let passportID = try passportToken(presented, client, tokens, call)
        let id = passportID ?? RefreshToken.ID(Digest.hexadecimal(presented))
        let secret = Base64URL.encode(call.application.applicationKey.authenticate(presented, for: .refreshToken))
        let token = try check(tokens.find(id), of: client, now: call.now)
        let scopes = try narrow(scope, of: token.family, in: call.settings.scopes)
        let issuer = TokenIssuer(call)
        let accessToken = issuer.makeAccessToken(
            user: token.family.userID, client: client.id, scopes: scopes, grant: .refreshToken, family: token.family)
        if !token.isRevoked {
            let successor = try issuer.refreshToken(secret, with: accessToken.id, of: token.family)
            let issued = IssuedTokens(accessToken: accessToken, refreshToken: successor)
            let isFirst = try call.issue(accessToken) { change in try tokens.rotate(token, to: issued, in: change) }
            if isFirst {
                if passportID != nil { PassportPayload.giveBack(client, call) }
                return issued
            }
        }
        guard let first = try call.transaction({ try repeats(token, presented, accessToken, call) }) else {
            throw OAuthError.invalidGrant("The refresh token has been used.")
        }
        if passportID != nil { PassportPayload.giveBack(client, call) }
        return IssuedTokens(
            accessToken: accessToken,
            refreshToken: try issuer.refreshToken(first.secret, with: first.accessToken, of: token.family))
    }

    /// Returns the row id of a token in Passport's form, or `nil` for any other token.
    ///
    /// Adopts a token that Passport issued: creates a family and attaches the token to it.
    private static func passportToken(
        _ presented: String, _ client: Client, _ tokens: RefreshTokenRepository, _ call: Call
    ) throws -> RefreshToken.ID? {
        guard let payload = try PassportPayload.read(presented, by: client, call), let id = payload.refreshTokenID
        else { return nil }
        if payload.clientID == client.id, payload.expiresAt > call.now {
            let family = RefreshFamily(
                id: TokenIssuer.newFamilyID(), userID: payload.userID, clientID: client.id,
                grantType: client.isPasswordClient ? .password : .authorizationCode, scopes: payload.scopes,
                isRevoked: false,
                expiresAt: payload.expiresAt)
            try tokens.adopt(id, into: family, now: call.now)
        }
        return id
    }

    /// Returns the token if it belongs to this client and its family is still valid.
    private static func check(_ token: RefreshToken?, of client: Client, now: Timestamp) throws(OAuthError)
        -> RefreshToken
    {
        guard let token, token.family.clientID == client.id, !token.family.isRevoked, token.family.expiresAt > now
        else {
            throw .invalidGrant("The refresh token is invalid.")
        }
        return token
    }

    /// Returns the scopes of the access token: the granted scopes, or fewer.
    ///
    /// Refuses a request for `*`.
    private static func narrow(_ parameter: String?, of family: RefreshFamily, in catalogue: ScopeCatalogue)
        throws(OAuthError) -> [String]
    {
        guard let parameter else { return family.scopes }
        let ids = parameter.split(separator: " ").map(String.init).filter {
            !ScopeCatalogue.isIgnored($0) || family.scopes.contains($0)
        }
        guard !ids.isEmpty else { return family.scopes }
        for id in ids
        where id == "*" || !(family.scopes.contains(id) || family.scopes.contains("*") && catalogue.contains(id)) {
            throw .invalidScope(id)
        }
        return ids.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Stores another access token beside the first if the refresh token was used a moment ago and
    /// its successor is unused.
    ///
    /// Returns the secret of the successor and the access token that was issued with it. Ends the
    /// family and returns `nil` in any other case.
    ///
    /// The successor may have been derived with a previous key. Every change of a family's tokens
    /// locks the family first, so that the second change sees the result of the first.
    private static func repeats(_ used: RefreshToken, _ presented: String, _ accessToken: AccessToken, _ call: Call)
        throws
        -> (secret: String, accessToken: AccessToken.ID)?
    {
        let (tokens, families) = (RefreshTokenRepository(call.database), RefreshFamilyRepository(call.database))
        try families.lock(used.family.id)
        guard let token = try tokens.find(used.id), !token.family.isRevoked else { return nil }
        if let rotatedAt = token.rotatedAt, call.now <= rotatedAt + call.settings.refreshOverlap {
            for authentication in call.application.applicationKey.everyAuthentication(of: presented, for: .refreshToken)
            {
                let secret = Base64URL.encode(authentication)
                guard let first = try tokens.accessToken(ofUnused: RefreshToken.ID(Digest.hexadecimal(secret))) else {
                    continue
                }
                try TokenIssuer(call).store(accessToken)
                return (secret, first)
            }
        }
        try call.change(.refreshTokenReused, user: token.family.userID, client: token.family.clientID) { change in
            try families.revoke(token.family.id, in: change)
        }
        return nil
    }
}
