import MariaDB

/// An application that may act for a user, by one consent or several.
struct AuthorizedApplication: Sendable {
    let clientID: Client.ID
    let name: String
    let scopes: [String]
    /// The first of the consents.
    let since: Timestamp
    /// When it last got or used a token, to the hour.
    let lastUsedAt: Timestamp
}
