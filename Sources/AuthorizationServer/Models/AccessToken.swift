public import MariaDB

/// The row of an access token; without it, or with it revoked, the token is worth nothing.
public struct AccessToken: Sendable {
    public typealias ID = Identifier<AccessToken>

    public let id: ID
    /// `nil`: a client on its own behalf.
    public let userID: User.ID?
    public let clientID: Client.ID
    /// Of a personal token.
    public let name: String?
    public let scopes: [String]
    public let isRevoked: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let expiresAt: Timestamp
    /// `nil` in rows that Passport made.
    public let grantType: GrantType?
    public let familyID: RefreshFamily.ID?
    /// To the hour; `nil` until a personal token is used, or another has lived for an hour.
    public var lastUsedAt: Timestamp?

    /// Whether its use is to be noted: once an hour, so that checking it stays one statement.
    func isDueToBeNoted(_ now: Timestamp) -> Bool {
        guard let last = lastUsedAt ?? (grantType == .personalAccess ? nil : createdAt) else { return true }
        return now > last + 3600
    }
}
