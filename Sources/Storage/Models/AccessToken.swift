package import MariaDB
package import OAuth

/// The row of an access token.
///
/// A token without a row, or with a revoked row, is not valid.
package struct AccessToken: Sendable {
    package typealias ID = Identifier<AccessToken>

    package let id: ID
    /// The user, or `nil` if the client acts on its own behalf.
    package let userID: User.ID?
    package let clientID: Client.ID
    /// The name of a personal token.
    package let name: String?
    package let scopes: [String]
    package let isRevoked: Bool
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    package let expiresAt: Timestamp
    /// The origin of the token, or `nil` in rows that Passport created.
    package let grantType: GrantType?
    package let familyID: RefreshFamily.ID?
    /// The data that the user agreed to beyond plain OAuth, in a new token.
    ///
    /// It has no column, because its claims are in the signed token.
    package let authorization: Authorization?
    /// The last use, accurate to the hour.
    ///
    /// `nil` until a personal token is used. `nil` for any other token until it has lived for an
    /// hour.
    package var lastUsedAt: Timestamp?

    /// Creates the row from its values.
    package init(
        id: ID, userID: User.ID?, clientID: Client.ID, name: String?, scopes: [String], isRevoked: Bool,
        createdAt: Timestamp, updatedAt: Timestamp, expiresAt: Timestamp, grantType: GrantType?,
        familyID: RefreshFamily.ID?, authorization: Authorization? = nil, lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.userID = userID
        self.clientID = clientID
        self.name = name
        self.scopes = scopes
        self.isRevoked = isRevoked
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.expiresAt = expiresAt
        self.grantType = grantType
        self.familyID = familyID
        self.authorization = authorization
        self.lastUsedAt = lastUsedAt
    }

    /// Returns whether the use of the token must be stored.
    ///
    /// The use is stored once an hour, so that a check of the token stays one statement.
    package func isDueToBeNoted(_ now: Timestamp) -> Bool {
        guard let last = lastUsedAt ?? (grantType == .personalAccess ? nil : createdAt) else { return true }
        return now > last + 3600
    }
}
