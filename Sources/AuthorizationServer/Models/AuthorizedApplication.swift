import MariaDB

/// An application that may act for a user, because of one or more consents.
struct AuthorizedApplication: Sendable {
    let clientID: Client.ID
    let name: String
    let scopes: [String]
    /// The time of the first consent.
    let since: Timestamp
    /// The time when the application last received or used a token, accurate to the hour.
    let lastUsedAt: Timestamp
}
