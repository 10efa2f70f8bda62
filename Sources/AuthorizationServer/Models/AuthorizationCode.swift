import MariaDB

/// The row of an authorization code; its id is the code's digest.
struct AuthorizationCode: Sendable {
    typealias ID = Identifier<AuthorizationCode>

    let id: ID
    let userID: User.ID
    let clientID: Client.ID
    let scopes: [String]
    let isUsed: Bool
    let expiresAt: Timestamp
    /// As the authorization request gave it; `nil`: it gave none.
    let redirectURI: String?
    let codeChallenge: CodeChallenge?
    /// The family that redeeming it founds.
    let familyID: RefreshFamily.ID
    /// Where the user agreed; `nil` unless the client is first-party.
    let place: Place?
}
