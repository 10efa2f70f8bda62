package import MariaDB

/// A session in the account's list: a browser, a program that signed in by `POST /api/login`, or an
/// application that asks for no consent.
package struct AccountSession: Sendable {
    /// The id of the session, the family or the access token.
    package let id: String
    /// The name of the application, or `nil` for a browser.
    package let client: String?
    /// Whether the session began with `POST /api/login`.
    package let isOfSignIn: Bool
    package let address: String
    package let userAgent: String
    package let createdAt: Timestamp
    package let lastSeenAt: Timestamp

    /// Creates the row from its values.
    package init(
        id: String, client: String?, isOfSignIn: Bool, address: String, userAgent: String, createdAt: Timestamp,
        lastSeenAt: Timestamp
    ) {
        self.id = id
        self.client = client
        self.isOfSignIn = isOfSignIn
        self.address = address
        self.userAgent = userAgent
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
    }
}
