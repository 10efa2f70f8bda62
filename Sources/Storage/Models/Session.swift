package import MariaDB

/// A browser that is signed in.
///
/// The id of the session is the digest of the cookie.
package struct Session: Sendable {
    package typealias ID = Identifier<Session>

    package let id: ID
    package let user: User
    package let address: String
    package let userAgent: String
    /// The digest of the address that the user signed in to reach.
    package let signedInFor: String?
    package let createdAt: Timestamp
    package let lastSeenAt: Timestamp
    package let expiresAt: Timestamp
}
