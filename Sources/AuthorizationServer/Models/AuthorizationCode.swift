import MariaDB

/// The row of an authorization code.
///
/// The id of the row is the digest of the code.
struct AuthorizationCode: Sendable {
    typealias ID = Identifier<AuthorizationCode>

    let id: ID
    let userID: User.ID
    let clientID: Client.ID
    let scopes: [String]
    let isUsed: Bool
    let expiresAt: Timestamp
    /// The redirect URI of the authorization request, or `nil` if the request named none.
    let redirectURI: String?
    let codeChallenge: CodeChallenge?
    /// The family that is created when the code is redeemed.
    let familyID: RefreshFamily.ID
    /// The place where the user agreed, or `nil` if the client is not first-party.
    let place: Place?
}
