package import MariaDB

/// An application that may act for a user, because of one or more consents.
package struct AuthorizedApplication: Sendable {
    package let clientID: Client.ID
    package let name: String
    package let scopes: [String]
    /// The time of the first consent.
    package let since: Timestamp
    /// The time when the application last received or used a token, accurate to the hour.
    package let lastUsedAt: Timestamp

    /// Creates the row from its values.
    package init(
        clientID: Client.ID, name: String, scopes: [String], since: Timestamp, lastUsedAt: Timestamp
    ) {
        self.clientID = clientID
        self.name = name
        self.scopes = scopes
        self.since = since
        self.lastUsedAt = lastUsedAt
    }
}
