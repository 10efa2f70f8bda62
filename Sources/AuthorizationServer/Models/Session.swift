import MariaDB

/// A browser that is signed in.
///
/// The id of the session is the digest of the cookie.
struct Session: Sendable {
    typealias ID = Identifier<Session>

    let id: ID
    let user: User
    let address: String
    let userAgent: String
    /// The digest of the address that the user signed in to reach.
    let signedInFor: String?
    let createdAt: Timestamp
    let lastSeenAt: Timestamp
    let expiresAt: Timestamp
}
