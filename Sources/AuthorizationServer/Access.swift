import HTTP
import HTTPTypes
import MariaDB

/// Who may call a route (contract: Who is calling).
public enum Access: String, Sendable {
    /// Everybody; the action looks for itself.
    case anyone
    /// A browser that is signed in.
    case session
    /// A session, a first-party bearer, or the transient cookie.
    case management
    /// Any user's bearer, or the transient cookie.
    case bearer

    /// Finds out who is calling, or throws what they are answered.
    func admit(_ call: Call) throws -> Caller? {
        switch self {
        case .anyone:
            return nil
        case .session:
            return try session(call)
        case .management:
            if let bearer = try bearer(call) {
                guard case .firstPartyBearer = bearer.credential else { throw HTTPError.insufficientScope() }
                return bearer
            }
            return try TransientToken.caller(call, acceptingLaravels: false) ?? session(call)
        case .bearer:
            guard let caller = try bearer(call) ?? TransientToken.caller(call, acceptingLaravels: true) else {
                throw HTTPError.bearer(nil)
            }
            return caller
        }
    }

    /// A session, with the CSRF token where the method is unsafe; without any credential it is 401 before CSRF is looked at.
    private func session(_ call: Call) throws -> Caller {
        guard let session = try call.session() else {
            throw SignInRequired(error: self == .management ? .bearer(nil) : .unauthorized)
        }
        if !call.request.method.isSafe { try CrossSiteRequest.check(call) }
        return Caller(user: session.user, credential: .session(session))
    }

    /// Who the bearer token is for, or `nil` without one; a client's own token is nobody's.
    private func bearer(_ call: Call) throws -> Caller? {
        guard let bearer = try BearerToken.find(call) else { return nil }
        guard let userID = bearer.token.userID, let user = try call.users.find(userID) else {
            throw HTTPError.bearer("invalid_token")
        }
        return Caller(user: user, credential: bearer.isFirstParty ? .firstPartyBearer(bearer.token.id) : .bearer)
    }
}

/// Nobody is signed in: a browser is sent to do so, everybody else is answered 401.
struct SignInRequired: Error {
    var error = HTTPError.unauthorized
}

/// Somebody whose credential was accepted.
struct Caller {
    /// What they showed.
    enum Credential {
        case session(Session)
        /// A token of `POST /api/login`: the scope `*`, and our own client.
        case firstPartyBearer(AccessToken.ID)
        case bearer
        /// The cookie `laravel_token`, with the session that it belongs to; Laravel's own belongs
        /// to none here.
        case transient(Session.ID?)
    }

    let user: User
    let credential: Credential
}
