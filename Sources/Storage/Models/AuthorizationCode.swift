package import MariaDB
package import OAuth

/// The row of an authorization code.
///
/// The id of the row is the digest of the code.
package struct AuthorizationCode: Sendable {
    package typealias ID = Identifier<AuthorizationCode>

    package let id: ID
    package let userID: User.ID
    package let clientID: Client.ID
    package let scopes: [String]
    package let isUsed: Bool
    package let expiresAt: Timestamp
    /// The redirect URI of the authorization request, or `nil` if the request named none.
    package let redirectURI: String?
    package let codeChallenge: CodeChallenge?
    package let authorization: Authorization?
    /// The family that is created when the code is redeemed.
    package let familyID: RefreshFamily.ID
    /// The place where the user agreed, or `nil` if the client is not first-party.
    package let place: Place?

    /// Creates the row from its values.
    package init(
        id: ID, userID: User.ID, clientID: Client.ID, scopes: [String], isUsed: Bool, expiresAt: Timestamp,
        redirectURI: String?, codeChallenge: CodeChallenge?, authorization: Authorization?,
        familyID: RefreshFamily.ID, place: Place?
    ) {
        self.id = id
        self.userID = userID
        self.clientID = clientID
        self.scopes = scopes
        self.isUsed = isUsed
        self.expiresAt = expiresAt
        self.redirectURI = redirectURI
        self.codeChallenge = codeChallenge
        self.authorization = authorization
        self.familyID = familyID
        self.place = place
    }
}
