package import MariaDB
package import OAuth

/// An authorization request that a session has not answered yet.
///
/// It is a consent page, and its id is the digest of the `auth_token`. Or it is the request that
/// the user signed in for, and nobody knows a token of it.
package struct PendingAuthorization: Sendable {
    package typealias ID = Identifier<PendingAuthorization>

    /// The decision of the user.
    package enum Decision: String, Sendable, Bindable {
        case approve
        case deny
    }

    package let id: ID
    package let request: AuthorizationRequest
    package let decision: Decision?
    package let decidedAt: Timestamp?
}
