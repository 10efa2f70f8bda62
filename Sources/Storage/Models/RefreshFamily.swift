package import MariaDB
package import OAuth

/// One consent of a user, and all the tokens that follow from it.
package struct RefreshFamily: Sendable {
    package typealias ID = Identifier<RefreshFamily>

    package let id: ID
    package let userID: User.ID
    package let clientID: Client.ID
    package let grantType: GrantType
    /// The scopes that the user granted.
    package let scopes: [String]
    /// The data that the user agreed to beyond plain OAuth.
    package let authorization: Authorization?
    package let isRevoked: Bool
    /// The time when the family expires.
    ///
    /// A rotation does not extend it.
    package let expiresAt: Timestamp
    /// The place of the sign-in, if the account lists the family as a session.
    package var place: Place?

    /// Creates the row from its values.
    package init(
        id: ID, userID: User.ID, clientID: Client.ID, grantType: GrantType, scopes: [String],
        authorization: Authorization? = nil, isRevoked: Bool, expiresAt: Timestamp, place: Place? = nil
    ) {
        self.id = id
        self.userID = userID
        self.clientID = clientID
        self.grantType = grantType
        self.scopes = scopes
        self.authorization = authorization
        self.isRevoked = isRevoked
        self.expiresAt = expiresAt
        self.place = place
    }
}
