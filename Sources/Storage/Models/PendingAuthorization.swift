package import MariaDB
package import OAuth

/// A consent page that was shown to one session.
///
/// Its id is the digest of the `auth_token`.
package struct PendingAuthorization: Sendable {
    package typealias ID = Identifier<PendingAuthorization>

    /// The decision of the user.
    package enum Decision: String, Sendable, Bindable {
        case approve
        case deny
    }

    package let id: ID
    package let request: AuthorizationRequest
    /// The maximum age of the sign-in in seconds when the user decides, or `nil` for any age.
    package let maxAge: Int?
    package let decision: Decision?
    package let decidedAt: Timestamp?
}
