import Cryptography
import HTTP
package import MariaDB
package import OAuth

/// A browser that is signed in.
///
/// The id of the session is the digest of the cookie.
package struct Session: Sendable {
    package typealias ID = Identifier<Session>

    package let id: ID
    /// The number of the session: 32 hexadecimal digits.
    ///
    /// It stays the same when the same user signs in again.
    package let number: String
    package let user: User
    package let address: String
    package let userAgent: String
    /// The time when the user signed in.
    package let authenticatedAt: Timestamp
    package let methods: [AuthenticationMethod]
    /// The authorization request that the user signed in for.
    package let signedInFor: PendingAuthorization.ID?
    package let createdAt: Timestamp
    package let lastSeenAt: Timestamp
    package let expiresAt: Timestamp

    /// Returns a number for a new session.
    package static func newNumber() -> String { Hexadecimal.encode(Random.bytes(16)) }
}
