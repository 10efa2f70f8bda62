import HTTP
import HTTPTypes
import MariaDB
import Storage

/// The kinds of callers that may call a route (contract: Who is calling).
package enum Access: String, Sendable {
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
                guard bearer.token.isFirstParty else { throw HTTPError.insufficientScope() }
                return bearer.caller
            }
            return try TransientToken.caller(call, acceptingLaravels: false) ?? session(call)
        case .bearer:
            guard let caller = try bearer(call)?.caller ?? TransientToken.caller(call, acceptingLaravels: true) else {
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

    /// Returns the bearer token and its user, or `nil` without a token.
    ///
    /// A client's own token belongs to no user.
    private func bearer(_ call: Call) throws -> (token: BearerToken, caller: Caller)? {
        guard let bearer = try BearerToken.find(call) else { return nil }
        guard let userID = bearer.token.userID, let user = try call.users.find(userID) else {
            throw HTTPError.bearer("invalid_token")
        }
        return (bearer, Caller(user: user, credential: .bearer(bearer)))
    }
}

/// The error for a caller who is not signed in.
///
/// A browser is sent to the sign-in page. All other callers get 401.
struct SignInRequired: Error {
    var error = HTTPError.unauthorized
}
