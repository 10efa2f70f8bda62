import MariaDB

/// Where a user is signed in: a browser, a program that signed in by `POST /api/login`, or an
/// application that asks for no consent.
struct AccountSession: Sendable {
    /// Of the session, the family or the access token.
    let id: String
    /// The name of the application; `nil` for a browser.
    let client: String?
    /// It signed in by `POST /api/login`.
    let isOfSignIn: Bool
    let address: String
    let userAgent: String
    let createdAt: Timestamp
    let lastSeenAt: Timestamp
}
