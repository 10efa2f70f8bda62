import Cryptography
import MariaDB

/// Makes tokens: rows first, and their signed form last.
struct TokenIssuer {
    private let call: Call

    init(_ call: Call) {
        self.call = call
    }

    /// Stores the row of a new access token, which lives no longer than its family.
    func storeAccessToken(
        user: User.ID?, client: Client.ID, scopes: [String], grant: GrantType, family: RefreshFamily? = nil, name: String? = nil, lifetime: Int? = nil
    ) throws(DatabaseError) -> AccessToken {
        var expiresAt = call.now + (lifetime ?? call.settings.accessTokenLifetime)
        if let family { expiresAt = min(expiresAt, family.expiresAt) }
        let token = AccessToken(
            id: AccessToken.ID(Random.sortableID(millisecondsSince1970: call.now.millisecondsSince1970)), userID: user, clientID: client, name: name,
            scopes: scopes, isRevoked: false, createdAt: call.now, updatedAt: call.now, expiresAt: expiresAt, grantType: grant, familyID: family?.id)
        try AccessTokenRepository(call.database).store(token)
        return token
    }

    /// Founds a family with its first access token and refresh token; within a transaction.
    func foundFamily(id: RefreshFamily.ID, user: User.ID, client: Client, scopes: [String], grant: GrantType) throws(DatabaseError) -> IssuedTokens {
        let family = RefreshFamily(
            id: id, userID: user, clientID: client.id, grantType: grant, scopes: scopes, isRevoked: false,
            expiresAt: call.now + call.settings.refreshTokenLifetime, lastUsedAt: call.now)
        try RefreshFamilyRepository(call.database).store(family, now: call.now)
        let accessToken = try storeAccessToken(user: user, client: client.id, scopes: scopes, grant: grant, family: family)
        guard client.mayUse(.refreshToken) else { return IssuedTokens(accessToken: accessToken, refreshToken: nil) }
        let refreshToken = Random.token()
        try RefreshTokenRepository(call.database).store(RefreshToken.ID(Digest.hexadecimal(refreshToken)), accessToken: accessToken, family: family)
        return IssuedTokens(accessToken: accessToken, refreshToken: refreshToken)
    }

    /// A name for a family to come.
    static func newFamilyID() -> RefreshFamily.ID {
        RefreshFamily.ID(Hexadecimal.encode(Random.bytes(16)))
    }

    /// The signed form of an access token.
    func sign(_ token: AccessToken) throws -> String {
        try AccessTokenClaims.sign(token, with: call.settings, call.application.keys)
    }

    /// What the token endpoint answers.
    func response(_ issued: IssuedTokens) throws -> TokenResponse {
        let token = issued.accessToken
        return TokenResponse(
            accessToken: try sign(token), expiresIn: Int(token.expiresAt.seconds - call.now.seconds), refreshToken: issued.refreshToken,
            scopes: token.scopes)
    }
}

/// Tokens whose rows are stored.
struct IssuedTokens {
    let accessToken: AccessToken
    let refreshToken: String?
}
