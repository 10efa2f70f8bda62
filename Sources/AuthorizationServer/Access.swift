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
                guard case .firstPartyBearer = bearer.credential else { throw HTTPError.insufficientScope }
                return bearer
            }
            return try TransientToken.caller(call) ?? session(call)
        case .bearer:
            guard let caller = try bearer(call) ?? TransientToken.caller(call) else { throw HTTPError.bearer(nil) }
            return caller
        }
    }

    /// A session, with the CSRF token where the method is unsafe; without any credential it is 401 before CSRF is looked at.
    private func session(_ call: Call) throws -> Caller {
        guard let session = try call.session() else { throw SignInRequired(error: self == .management ? .bearer(nil) : .unauthorized) }
        if ![.get, .head].contains(call.request.method) { try CrossSiteRequest.check(call) }
        return Caller(user: session.user, credential: .session(session))
    }

    /// Who the bearer token of the `Authorization` field is for, or `nil` without one; the query never carries one (OAuth 2.1 §5.1).
    private func bearer(_ call: Call) throws -> Caller? {
        guard let header = call.request.fields[.authorization], header.prefix(7).lowercased() == "bearer " else { return nil }
        let application = call.application
        let tokens = AccessTokenRepository(call.database)
        let claims = AccessTokenClaims(verifying: String(header.dropFirst(7).trimming()), with: application.settings, application.keys, now: call.now)
        guard let claims, let (token, isOfSignIn) = try tokens.findActive(claims.tokenID, now: call.now),
            let userID = token.userID, let user = try call.users.find(userID)
        else { throw HTTPError.bearer("invalid_token") }
        // People look whether their tokens are used; that a read-only database cannot note it stops nobody.
        if token.isDueToBeNoted(call.now) { try? tokens.touch(token.id, now: call.now) }
        return Caller(user: user, credential: isOfSignIn && token.scopes.contains("*") ? .firstPartyBearer(token) : .bearer(token))
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
        case firstPartyBearer(AccessToken)
        case bearer(AccessToken)
        case transient(Session)
    }

    let user: User
    let credential: Credential
}
