import Cryptography
import MariaDB
import OAuth
import Storage

/// The issuer of tokens: it creates the rows first and signs the tokens last.
struct TokenIssuer {
    private let call: Call

    init(_ call: Call) {
        self.call = call
    }

    /// Creates an access token that expires no later than its family.
    func makeAccessToken(
        user: User.ID?, client: Client.ID, scopes: [String], grant: GrantType, family: RefreshFamily? = nil,
        authorization: Authorization? = nil, name: String? = nil, lifetime: Int? = nil
    ) -> AccessToken {
        var expiresAt = call.now + (lifetime ?? call.settings.accessTokenLifetime)
        if let family { expiresAt = min(expiresAt, family.expiresAt) }
        return AccessToken(
            id: AccessToken.ID(Random.sortableID(millisecondsSince1970: call.now.millisecondsSince1970)), userID: user,
            clientID: client, name: name,
            scopes: scopes, isRevoked: false, createdAt: call.now, updatedAt: call.now, expiresAt: expiresAt,
            grantType: grant, familyID: family?.id, authorization: family?.authorization ?? authorization)
    }

    /// Stores an access token without a refresh token.
    func store(_ token: AccessToken) throws {
        try store(IssuedTokens(accessToken: token, refreshToken: nil))
    }

    /// Stores tokens, with the family that begins with them.
    func store(_ issued: IssuedTokens, of family: RefreshFamily? = nil) throws {
        try call.issue(issued.accessToken) { change in
            try AccessTokenRepository(call.database).store(issued, of: family, in: change)
        }
    }

    /// Creates a family with its first access token.
    ///
    /// Also creates a refresh token if the client may use refresh tokens.
    func makeFamily(
        id: RefreshFamily.ID, user: User.ID, client: Client, scopes: [String], grant: GrantType,
        authorization: Authorization? = nil, place: Place? = nil
    ) throws -> (RefreshFamily, IssuedTokens) {
        let family = RefreshFamily(
            id: id, userID: user, clientID: client.id, grantType: grant, scopes: scopes, authorization: authorization,
            isRevoked: false, expiresAt: call.now + call.settings.refreshTokenLifetime, place: place)
        let accessToken = makeAccessToken(user: user, client: client.id, scopes: scopes, grant: grant, family: family)
        let token =
            client.mayUse(.refreshToken) ? try refreshToken(Random.token(), with: accessToken.id, of: family) : nil
        return (family, IssuedTokens(accessToken: accessToken, refreshToken: token))
    }

    /// Creates and stores a family and its tokens for a sign-in by password.
    func foundFamily(id: RefreshFamily.ID, user: User.ID, client: Client, scopes: [String], grant: GrantType) throws
        -> IssuedTokens
    {
        let (family, issued) = try makeFamily(
            id: id, user: user, client: client, scopes: scopes, grant: grant, place: call.place)
        try store(issued, of: family)
        return issued
    }

    /// Creates a refresh token from a secret, which must never be used for another token.
    func refreshToken(_ secret: String, with accessToken: AccessToken.ID, of family: RefreshFamily) throws
        -> IssuedRefreshToken
    {
        let id = RefreshToken.ID(Digest.hexadecimal(secret))
        guard call.settings.writesRefreshTokensOfPassport, try call.database.isAdopted() else {
            return IssuedRefreshToken(id: id, text: secret)
        }
        return IssuedRefreshToken(
            id: id,
            text: try PassportPayload.refreshToken(id, secret: secret, accessToken: accessToken, of: family, call))
    }

    /// Revokes the family of a sign-in that lost a race with a password change.
    func revoke(_ issued: IssuedTokens) throws {
        guard let family = issued.accessToken.familyID else { return }
        try call.transaction { try RefreshFamilyRepository(call.database).revoke(family, now: call.now) }
    }

    /// Returns an id for a new family.
    static func newFamilyID() -> RefreshFamily.ID {
        RefreshFamily.ID(Hexadecimal.encode(Random.bytes(16)))
    }

    /// Returns the signed form of an access token.
    func sign(_ token: AccessToken) throws -> String {
        try AccessTokenClaims(of: token, call.settings).sign(with: call.application.signingKey)
    }

    /// Returns the response of the token endpoint.
    func response(_ issued: IssuedTokens) throws -> TokenResponse {
        let token = issued.accessToken
        return TokenResponse(
            accessToken: try sign(token), expiresIn: Int(token.expiresAt.seconds - call.now.seconds),
            refreshToken: issued.refreshToken?.text,
            scopes: token.scopes)
    }
}
