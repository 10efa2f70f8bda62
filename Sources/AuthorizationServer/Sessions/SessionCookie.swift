import Cryptography
import HTTP
import HTTPTypes
import MariaDB

/// The cookie that tells browsers apart: a random value, whose digest is the session's id once somebody has signed in.
struct SessionCookie {
    private static let guestPrefix = "guest."

    let value: String

    private init(value: String) {
        self.value = value
    }

    /// The cookies of a request that have this name.
    static func all(_ call: Call) -> [SessionCookie] {
        call.request.cookies(name(call.settings)).map(SessionCookie.init)
    }

    /// A cookie for somebody who has not signed in: it has no row.
    static func guest() -> SessionCookie {
        SessionCookie(value: guestPrefix + Random.token())
    }

    /// A new session for a user, who signed in to go somewhere: a new value, so that one planted before is worth nothing afterwards.
    static func signIn(_ user: User, for returnTo: ReturnAddress? = nil, _ call: Call) throws(DatabaseError)
        -> SessionCookie
    {
        let cookie = SessionCookie(value: Random.token())
        try SessionRepository(call.database).store(
            cookie.sessionID, user: user, address: call.request.remoteAddress,
            userAgent: call.request[.userAgent] ?? "",
            signedInFor: returnTo, now: call.now, expiresAt: call.settings.sessionExpiry(call.now, now: call.now))
        return cookie
    }

    static func name(_ settings: Settings) -> String { settings.cookieName("session") }

    var isGuest: Bool { value.hasPrefix(Self.guestPrefix) }

    var sessionID: Session.ID { Session.ID(Digest.hexadecimal(value)) }

    /// The CSRF token that belongs to this cookie.
    func csrfToken(_ application: Application) -> String {
        Base64URL.encode(application.applicationKey.authenticate(value, for: .crossSiteRequest))
    }

    /// Whether this is the CSRF token that belongs to this cookie, or did under a key before.
    func accepts(csrfToken: String, _ application: Application) -> Bool {
        let tokens = application.applicationKey.everyAuthentication(of: value, for: .crossSiteRequest).map {
            Base64URL.encode($0)
        }
        return tokens.contains { Digest.areEqual(csrfToken, $0) }
    }

    /// Puts the cookie, and the CSRF token that scripts may read, into a response.
    func set(on response: inout Response, _ application: Application) {
        let settings = application.settings
        response.set(Cookie(Self.name(settings), value, maxAge: settings.sessionLifetime, isSecure: settings.isSecure))
        response.set(
            Cookie(
                "XSRF-TOKEN", csrfToken(application), maxAge: settings.sessionLifetime, isSecure: settings.isSecure,
                isReadableByScripts: true))
    }

    /// Takes all cookies away.
    static func clear(on response: inout Response, _ settings: Settings) {
        for name in [name(settings), "XSRF-TOKEN", TransientToken.cookieName] {
            response.set(Cookie(name, "", maxAge: 0, isSecure: settings.isSecure))
        }
    }
}
