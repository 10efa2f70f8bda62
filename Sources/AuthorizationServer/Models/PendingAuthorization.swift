import MariaDB

/// A consent page that was shown to one session.
///
/// Its id is the digest of the `auth_token`.
struct PendingAuthorization: Sendable {
    typealias ID = Identifier<PendingAuthorization>

    /// The decision of the user.
    enum Decision: String, Sendable, Bindable {
        case approve
        case deny
    }

    let id: ID
    let request: AuthorizationRequest
    /// The maximum age of the sign-in in seconds when the user decides, or `nil` for any age.
    let maxAge: Int?
    let decision: Decision?
    let decidedAt: Timestamp?
}
