public import MariaDB

/// The row of an access token.
///
/// A token without a row, or with a revoked row, is not valid.
public struct AccessToken: Sendable {
    public typealias ID = Identifier<AccessToken>

    public let id: ID
    /// The user, or `nil` if the client acts on its own behalf.
    public let userID: User.ID?
    public let clientID: Client.ID
    /// The name of a personal token.
    public let name: String?
    public let scopes: [String]
    public let isRevoked: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let expiresAt: Timestamp
    /// The origin of the token, or `nil` in rows that Passport created.
    public let grantType: GrantType?
    public let familyID: RefreshFamily.ID?
    /// The last use, accurate to the hour.
    ///
    /// `nil` until a personal token is used. `nil` for any other token until it has lived for an
    /// hour.
    public var lastUsedAt: Timestamp?

    /// Returns whether the use of the token must be stored.
    ///
    /// The use is stored once an hour, so that a check of the token stays one statement.
    func isDueToBeNoted(_ now: Timestamp) -> Bool {
        guard let last = lastUsedAt ?? (grantType == .personalAccess ? nil : createdAt) else { return true }
        return now > last + 3600
    }
}
