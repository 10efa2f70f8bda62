public import MariaDB

/// One consent of a user, and all the tokens that follow from it.
public struct RefreshFamily: Sendable {
    public typealias ID = Identifier<RefreshFamily>

    public let id: ID
    public let userID: User.ID
    public let clientID: Client.ID
    public let grantType: GrantType
    /// The scopes that the user granted.
    public let scopes: [String]
    public let isRevoked: Bool
    /// The time when the family expires.
    ///
    /// A rotation does not extend it.
    public let expiresAt: Timestamp
    /// The place of the sign-in, if the account lists the family as a session.
    var place: Place?
}
