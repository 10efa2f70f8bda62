import HTTP
import HTTPTypes
import MariaDB
import Storage

/// The kinds of callers that may call a route (contract: Who is calling).
package enum Access: Sendable, Equatable {
    /// Everybody.
    case anyone
    /// Everybody with a form of this server, which has a CSRF token.
    ///
    /// `signsIn` is `true` for the forms that begin a session.
    case guest(signsIn: Bool)
    /// A browser that is signed in.
    case session
    /// A session, a first-party bearer, or the transient cookie.
    case management
    /// A bearer token of any user with this scope, or the transient cookie.
    case bearer(scope: String?)
    /// A client that authenticates, or a public client.
    case client

    /// The name of the kind, for people.
    package var name: String {
        switch self {
        case .anyone: "anyone"
        case .guest: "guest"
        case .session: "session"
        case .management: "management"
        case .bearer(let scope): scope.map { "bearer with \($0)" } ?? "bearer"
        case .client: "client"
        }
    }

    /// Finds the caller, or throws the error to answer with.
    func admit(_ call: Call) throws -> Caller? {
        switch self {
        case .anyone:
            return nil
        case .guest(let signsIn):
            try guest(signsIn, call)
            return nil
        case .session:
            return try session(call)
        case .management:
            if let bearer = try bearer(call) {
                guard bearer.token.isFirstParty else { throw HTTPError.insufficientScope() }
                return bearer.caller
            }
            return try TransientToken.caller(call, acceptingLaravels: false) ?? session(call)
        case .bearer(let scope):
            if let bearer = try bearer(call) {
                try bearer.token.demand(scope.map { [$0] } ?? [])
                return bearer.caller
            }
            guard let caller = try TransientToken.caller(call, acceptingLaravels: true) else {
                throw HTTPError.bearer(nil)
            }
            return caller
        case .client:
            let (client, method) = try ClientAuthentication.authenticate(call, call.body)
            return .client(client, method)
        }
    }

    /// Checks the CSRF token of a form.
    ///
    /// A form that begins a session is no longer valid after a session began in another tab. The
    /// user then continues with that session.
    private func guest(_ signsIn: Bool, _ call: Call) throws {
        let returnTo = try signsIn ? ReturnAddress(call.body) : nil
        do {
            try CrossSiteRequest.check(call)
        } catch {
            guard signsIn, call.prefersPage, let session = try call.session(),
                try !ReturnAddress.demandsSignIn(returnTo, of: session, call)
            else { throw error }
            throw SignedInElsewhere(address: returnTo?.text ?? "/account")
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
        return .user(session.user, .session(session))
    }

    /// Returns the bearer token and its user, or `nil` without a token.
    ///
    /// A client's own token belongs to no user.
    private func bearer(_ call: Call) throws -> (token: BearerToken, caller: Caller)? {
        guard let bearer = try BearerToken.find(call) else { return nil }
        guard let userID = bearer.token.userID, let user = try call.users.find(userID) else {
            throw HTTPError.bearer("invalid_token")
        }
        return (bearer, .user(user, .bearer(bearer)))
    }
}

/// The error for a caller who is not signed in.
///
/// A browser is sent to the sign-in page. All other callers get 401.
struct SignInRequired: Error {
    var error = HTTPError.unauthorized
}

/// The error for the sign-in form of a user who has signed in elsewhere.
///
/// The browser is sent to the page that the user wanted to reach.
struct SignedInElsewhere: Error {
    let address: String
}
