import HTTP
import HTTPTypes
import MariaDB

/// The kinds of callers that may call a route (contract: Who is calling).
public enum Access: String, Sendable {
    /// Everybody.
    ///
    /// The action checks the caller itself.
    case anyone
    /// A browser that is signed in.
    case session
    /// A session, a first-party bearer, or the transient cookie.
    case management
    /// A bearer token of any user, or the transient cookie.
    case bearer

    /// Finds the caller, or throws the error to answer with.
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

    /// Finds the session, and checks the CSRF token if the method is unsafe.
    ///
    /// A request without any credential gets 401 before the CSRF token is checked.
    private func session(_ call: Call) throws -> Caller {
        guard let session = try call.session() else {
            throw SignInRequired(error: self == .management ? .bearer(nil) : .unauthorized)
        }
        if !call.request.method.isSafe { try CrossSiteRequest.check(call) }
        return Caller(user: session.user, credential: .session(session))
    }

    /// Returns the user of the bearer token, or `nil` without a token.
    ///
    /// A client's own token belongs to no user.
    private func bearer(_ call: Call) throws -> Caller? {
        guard let bearer = try BearerToken.find(call) else { return nil }
        guard let userID = bearer.token.userID, let user = try call.users.find(userID) else {
            throw HTTPError.bearer("invalid_token")
        }
        return Caller(user: user, credential: bearer.isFirstParty ? .firstPartyBearer(bearer.token.id) : .bearer)
    }
}

/// The error for a caller who is not signed in.
///
/// A browser is sent to the sign-in page. All other callers get 401.
struct SignInRequired: Error {
    var error = HTTPError.unauthorized
}

/// A user with an accepted credential.
struct Caller {
    /// The credential that the caller sent.
    enum Credential {
        case session(Session)
        /// A token of `POST /api/login`, with the scope `*` and this server's own client.
        case firstPartyBearer(AccessToken.ID)
        case bearer
        /// The cookie `laravel_token`, with the session that it belongs to.
        ///
        /// Laravel's own cookie belongs to no session here.
        case transient(Session.ID?)
    }

    let user: User
    let credential: Credential
}
