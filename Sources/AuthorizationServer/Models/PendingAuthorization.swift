import MariaDB

/// A consent page that was shown to one session; its id is the digest of the `auth_token`.
struct PendingAuthorization: Sendable {
    typealias ID = Identifier<PendingAuthorization>

    /// What the user decided.
    enum Decision: String, Sendable, Bindable {
        case approve
        case deny
    }

    let id: ID
    let request: AuthorizationRequest
    /// Seconds that the sign-in may be old when the user decides; `nil`: any.
    let maxAge: Int?
    let decision: Decision?
    let decidedAt: Timestamp?
}
