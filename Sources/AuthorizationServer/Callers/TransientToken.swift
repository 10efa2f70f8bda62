import Cryptography
import HTTP
import HTTPTypes
import MariaDB
import Storage

/// The cookie `laravel_token`, which pages use to call `/api/*`.
///
/// The cookie is valid only together with the CSRF token. It has Laravel's form: an encrypted
/// cookie that contains a JWT, signed with `APP_KEY`. So a Passport beside this server can read
/// this server's cookies, and this server can read Passport's cookies.
enum TransientToken {
    static let cookieName = "laravel_token"

    /// Creates the cookie for a session.
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

    /// Returns the caller that the cookie and the CSRF header name, or `nil` if either is missing
    /// or wrong.
    ///
    /// A cookie of this server is valid as long as its session. A cookie of Laravel is valid until
    /// its own expiry. It stays valid even after a sign-out at Laravel, because this server does
    /// not read Laravel's sessions.
    ///
    /// A cookie of Laravel may do only what any access token may do, as in Passport. It must be
    /// made with the current key, because it has no row in the database.
    static func caller(_ call: Call, acceptingLaravels: Bool) throws -> Caller? {
        guard let (claims, isCurrent) = claims(call), let csrf = claims["csrf"]?.text, accepts(csrf, call),
            let expiry = claims["expiry"]?.double,
            Double(call.now.seconds) < expiry
        else { return nil }
        if let id = claims["sid"]?.text {
            return try call.activeSession(Session.ID(id)).map {
                Caller.user($0.user, .transient($0.id))
            }
        }
        guard acceptingLaravels, isCurrent else { return nil }
        return try User.ID(claims["sub"]).flatMap(call.users.find).map { Caller.user($0, .transient(nil)) }
    }

    /// Returns the claims of the first cookie that was made with an application key, and whether
    /// that key is the current key.
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

    /// Returns whether the CSRF header contains the token, in plain or encrypted form.
    ///
    /// Laravel encrypts the token into the cookie `XSRF-TOKEN`, and its scripts send this form
    /// back.
    private static func accepts(_ csrf: String, _ call: Call) -> Bool {
        if let header = call.request[.csrfToken] { return Digest.areEqual(csrf, header) }
        guard let header = call.request[.xsrfToken] else { return false }
        let token = LaravelCookie.decrypt(header, name: "XSRF-TOKEN", with: call.application.applicationKey) ?? header
        return Digest.areEqual(csrf, token)
    }
}
