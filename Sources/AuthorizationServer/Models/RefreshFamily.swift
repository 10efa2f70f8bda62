public import MariaDB

/// One consent of a user, and all the tokens that follow from it.
public struct RefreshFamily: Sendable {
    public typealias ID = Identifier<RefreshFamily>

    public let id: ID
    public let userID: User.ID
    public let clientID: Client.ID
    public let grantType: GrantType
    /// What the user granted.
    public let scopes: [String]
    public let isRevoked: Bool
    /// No rotation outlives it.
    public let expiresAt: Timestamp
    /// Where the user signed in, for what the account lists as a session.
    var place: Place?
}
