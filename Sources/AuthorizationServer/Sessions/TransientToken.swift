import Cryptography
import HTTP
import HTTPTypes
import MariaDB

/// The cookie `laravel_token`, by which pages call `/api/*`: worth something only with the CSRF token.
///
/// It has Laravel's form, so that a Passport beside us reads ours, and we read Passport's: an encrypted cookie, and within it a JWT that is signed with `APP_KEY`.
enum TransientToken {
    static let cookieName = "laravel_token"

    /// A cookie for a session.
    static func cookie(for session: Session, csrfToken: String, _ call: Call) throws -> Cookie {
        let claims: JSON = [
            "sub": session.user.id.json, "csrf": .string(csrfToken), "sid": .string(session.id.rawValue),
            "expiry": .integer((call.now + call.settings.sessionLifetime).seconds),
        ]
        let key = call.application.applicationKey
        let token = JSONWebSignature.compact(
            header: JSON.object([.init(name: "typ", value: "JWT"), .init(name: "alg", value: "HS256")]).bytes,
            payload: claims.bytes,
            sign: key.signingKeysOfLaravel[0].sign)
        guard let encrypted = LaravelCookie.encrypt(token, name: cookieName, with: key) else {
            throw HTTPError.serverError
        }
        return Cookie(
            cookieName, PercentEncoding.encode(encrypted), maxAge: call.settings.sessionLifetime,
            isSecure: call.settings.isSecure)
    }

    /// Who the cookie and the CSRF header say is calling; `nil` where either is missing or wrong.
    ///
    /// One of ours lives as long as its session. One of Laravel's lives as long as it says itself, also when somebody has signed out there, since Laravel's sessions are not read here: it
    /// is good for what any access token may do, as at Passport, and made with the current key, since no row stands behind it.
    static func caller(_ call: Call, acceptingLaravels: Bool) throws -> Caller? {
        guard let (claims, isCurrent) = claims(call), let csrf = claims["csrf"]?.text, accepts(csrf, call),
            let expiry = claims["expiry"]?.double,
            Double(call.now.seconds) < expiry
        else { return nil }
        if let id = claims["sid"]?.text {
            return try call.activeSession(Session.ID(id)).map {
                Caller(user: $0.user, credential: .transient($0.id))
            }
        }
        guard acceptingLaravels, isCurrent else { return nil }
        return try User.ID(claims["sub"]).flatMap(call.users.find).map { Caller(user: $0, credential: .transient(nil)) }
    }

    /// What the cookie says, if one who has the key made it, and whether that is the current one;
    /// of two cookies the first that is so.
    private static func claims(_ call: Call) -> (JSON, isCurrent: Bool)? {
        for cookie in call.request.cookies(cookieName) {
            if let claims = claims(cookie, call.application.applicationKey) { return claims }
        }
        return nil
    }

    private static func claims(_ cookie: String, _ key: ApplicationKey) -> (JSON, isCurrent: Bool)? {
        guard let encrypted = PercentEncoding.decode(cookie.utf8),
            let compact = LaravelCookie.decrypt(encrypted, name: cookieName, with: key),
            let token = JSONWebSignature(compact: compact),
            JSON(parsing: token.header)?["alg"]?.text == "HS256",
            let signer = key.signingKeysOfLaravel.firstIndex(where: {
                $0.isValid(token.signature, for: token.signingInput)
            }),
            let claims = JSON(parsing: token.payload)
        else { return nil }
        return (claims, signer == 0)
    }

    /// The token as it is, or as Laravel encrypts it into the cookie `XSRF-TOKEN`, which its scripts send back.
    private static func accepts(_ csrf: String, _ call: Call) -> Bool {
        if let header = call.request[.csrfToken] { return Digest.areEqual(csrf, header) }
        guard let header = call.request[.xsrfToken] else { return false }
        let token = LaravelCookie.decrypt(header, name: "XSRF-TOKEN", with: call.application.applicationKey) ?? header
        return Digest.areEqual(csrf, token)
    }
}
