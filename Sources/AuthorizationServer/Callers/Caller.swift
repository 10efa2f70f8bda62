import Storage

/// A user with an accepted credential.
struct Caller {
    /// The credential that the caller sent.
    enum Credential {
        case session(Session)
        case bearer(BearerToken)
        /// The cookie `laravel_token`, with the session that it belongs to.
        ///
        /// Laravel's own cookie belongs to no session here.
        case transient(Session.ID?)
    }

    let user: User
    let credential: Credential

    /// The session of a browser, or `nil` for any other credential.
    var session: Session? {
        guard case .session(let session) = credential else { return nil }
        return session
    }
}
