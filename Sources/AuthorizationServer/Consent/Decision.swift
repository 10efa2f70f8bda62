import Cryptography
import HTTP
import HTTPTypes
import MariaDB
import OAuth
import Storage

/// The decision of a user on a consent page.
enum Decision {
    /// The seconds in which a repeated decision, for example a double click, gets the same answer
    /// again.
    private static let repeatWindow = 10

    /// Stores the decision about the request's `auth_token`, in one transaction with its effects.
    ///
    /// Throws 403 for a token that is missing, unknown, expired, from another session, or already
    /// decided differently. Throws 401 if the sign-in has become too old for `prompt=login` or
    /// `max_age`.
    static func take(
        _ decision: PendingAuthorization.Decision, _ call: Call,
        first: (PendingAuthorization, String) throws -> Response,
        again: (PendingAuthorization, String) throws -> Response
    ) throws -> Response {
        let session = try call.callersSession()
        guard let authToken = try call.body.oauthText(Input.authToken.name) else { throw HTTPError.forbidden }
        let pending = PendingAuthorizationRepository(call.database)
        let id = PendingAuthorization.ID(Digest.hexadecimal(authToken))
        let response = try call.transaction {
            try call.holdCredential()
            let isFirst = try pending.decide(id, decision, session: session.id, now: call.now)
            guard let authorization = try pending.find(id, session: session.id, now: call.now) else {
                throw HTTPError.answered
            }
            if isFirst {
                if decision == .approve, let maxAge = authorization.request.authorization?.maxAge,
                    call.now > session.authenticatedAt + maxAge
                {
                    throw SignInRequired()
                }
                try SessionRepository(call.database).forgetRequest(session)
                return try first(authorization, authToken)
            }
            guard authorization.decision == decision, let decidedAt = authorization.decidedAt,
                call.now <= decidedAt + repeatWindow
            else {
                throw HTTPError.answered
            }
            return try again(authorization, authToken)
        }
        guard !call.prefersPage, !call.settings.usesLegacyRedirects, let location = response.fields[.location] else {
            return response
        }
        return .json(["redirect_to": .string(location)], fields: [.cacheControl: "no-store"])
    }
}
