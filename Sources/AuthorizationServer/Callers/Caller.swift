import Storage

/// The caller of a request, with the accepted credential.
enum Caller {
    case user(User, Credential)
    /// A client with the way in which it authenticated.
    case client(Client, ClientAuthenticationMethod)

    /// The credential that a user sent.
    enum Credential {
        case session(Session)
        case bearer(BearerToken)
        /// The cookie `laravel_token`, with the session that it belongs to.
        ///
        /// Laravel's own cookie belongs to no session here.
        case transient(Session.ID?)
    }

    var user: User? {
        guard case .user(let user, _) = self else { return nil }
        return user
    }

    /// The credential of a user, or `nil` for a client.
    var credential: Credential? {
        guard case .user(_, let credential) = self else { return nil }
        return credential
    }

    /// The session of a browser, or `nil` for any other credential.
    var session: Session? {
        guard case .session(let session)? = credential else { return nil }
        return session
    }

    var client: Client? {
        guard case .client(let client, _) = self else { return nil }
        return client
    }
}
