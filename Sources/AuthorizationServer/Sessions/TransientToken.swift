import Cryptography
import HTTP
import HTTPTypes
import MariaDB

/// The cookie `laravel_token`, by which our own pages call `/api/*`: worth something only with the CSRF token, and while its session lives.
enum TransientToken {
    static let cookieName = "laravel_token"

    /// A cookie for a session.
    static func cookie(for session: Session, csrfToken: String, _ call: Call) throws -> Cookie {
        let claims: JSON = [
            "sub": session.user.id.json, "csrf": .string(csrfToken), "sid": .string(session.id.rawValue),
            "expiry": .integer((call.now + call.settings.sessionLifetime).seconds),
        ]
        let key = call.application.applicationKey.signingKey(for: .transientToken)
        let token = JSONWebSignature.compact(
            header: JSON.object([.init(name: "typ", value: "JWT"), .init(name: "alg", value: "HS256")]).bytes, payload: claims.bytes, sign: key.sign)
        return Cookie(cookieName, token, maxAge: call.settings.sessionLifetime, isSecure: call.settings.isSecure)
    }

    /// Who the cookie and the CSRF header say is calling; `nil` where either is missing or wrong, or the session has ended.
    static func caller(_ call: Call) throws(DatabaseError) -> Caller? {
        guard let header = call.request[.csrfToken] ?? call.request[.xsrfToken], let cookie = call.request.cookie(cookieName),
            let token = JSONWebSignature(compact: cookie),
            call.application.applicationKey.verifyingKeys(for: .transientToken).contains(where: {
                $0.isValid(token.signature, for: token.signingInput)
            }),
            let claims = JSON(parsing: token.payload), let csrf = claims["csrf"]?.text, Digest.areEqual(csrf, header),
            let expiry = claims["expiry"]?.double, Double(call.now.seconds) < expiry, let id = claims["sid"]?.text,
            let session = try SessionRepository(call.database).findActive(Session.ID(id), now: call.now)
        else { return nil }
        return Caller(user: session.user, credential: .transient(session))
    }
}
