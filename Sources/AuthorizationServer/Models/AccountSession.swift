import MariaDB

/// A session in the account's list: a browser, a program that signed in by `POST /api/login`, or an
/// application that asks for no consent.
struct AccountSession: Sendable {
    /// The id of the session, the family or the access token.
    let id: String
    /// The name of the application, or `nil` for a browser.
    let client: String?
    /// Whether the session began with `POST /api/login`.
    let isOfSignIn: Bool
    let address: String
    let userAgent: String
    let createdAt: Timestamp
    let lastSeenAt: Timestamp
}
