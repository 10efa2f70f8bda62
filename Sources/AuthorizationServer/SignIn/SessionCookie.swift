import Cryptography
import HTTP
import HTTPTypes
import MariaDB
import OAuth
import Storage

/// The cookie that tells browsers apart: a random value.
///
/// After a sign-in, the digest of the value is the id of the session.
struct SessionCookie {
    private static let guestPrefix = "guest."

    let value: String

    private init(value: String) {
        self.value = value
    }

    /// Returns the cookies of a request with the name of the session cookie.
    static func all(_ call: Call) -> [SessionCookie] {
        call.request.cookies(name(call.settings)).map(SessionCookie.init)
    }

    /// Creates a cookie for a user who is not signed in.
    ///
    /// The cookie has no row in the database.
    static func guest() -> SessionCookie {
        SessionCookie(value: guestPrefix + Random.token())
    }

    /// Stores a new session for a user, and returns its cookie.
    ///
    /// The session gets the number of `previous` if the user is the same. `request` is
    /// the request that the user signed in for. The cookie has a new value, so a value that an
    /// attacker planted before is useless.
    static func signIn(
        _ user: User, replacing previous: Session?, for request: AuthorizationRequest? = nil, _ call: Call,
        in change: Change
    ) throws(DatabaseError) -> SessionCookie {
        let cookie = SessionCookie(value: Random.token())
        let pending = request.map { _ in PendingAuthorization.ID(Digest.hexadecimal(Random.token())) }
        let number = previous.flatMap { $0.user.id == user.id ? $0.number : nil } ?? Session.newNumber()
        try SessionRepository(call.database).store(
            cookie.sessionID, number: number,
            user: user, methods: [.password], from: call.place, signedInFor: pending,
            expiresAt: call.settings.sessionExpiry(call.now, now: call.now), in: change)
        if let request, let pending {
            try PendingAuthorizationRepository(call.database).store(
                pending, request, session: cookie.sessionID, expiresAt: call.now + AuthorizationRequest.patience)
        }
        return cookie
    }

    static func name(_ settings: Settings) -> String { settings.cookieName("session") }

    var isGuest: Bool { value.hasPrefix(Self.guestPrefix) }

    var sessionID: Session.ID { Session.ID(Digest.hexadecimal(value)) }

    /// Returns the CSRF token that belongs to this cookie.
    func csrfToken(_ application: Application) -> String {
        Base64URL.encode(application.applicationKey.authenticate(value, for: .crossSiteRequest))
    }

    /// Returns whether a CSRF token belongs to this cookie, under the current key or a previous
    /// key.
    func accepts(csrfToken: String, _ application: Application) -> Bool {
        let tokens = application.applicationKey.everyAuthentication(of: value, for: .crossSiteRequest).map {
            Base64URL.encode($0)
        }
        return tokens.contains { Digest.areEqual(csrfToken, $0) }
    }

    /// Adds the cookie and the CSRF token to a response.
    ///
    /// Scripts may read the CSRF token.
    func set(on response: inout Response, _ application: Application) {
        let settings = application.settings
        response.set(Cookie(Self.name(settings), value, maxAge: settings.sessionLifetime, isSecure: settings.isSecure))
        response.set(
            Cookie(
                "XSRF-TOKEN", csrfToken(application), maxAge: settings.sessionLifetime, isSecure: settings.isSecure,
                isReadableByScripts: true))
    }

    /// Deletes the cookies of the session.
    static func clear(on response: inout Response, _ settings: Settings) {
        for name in [name(settings), "XSRF-TOKEN", TransientToken.cookieName] {
            response.set(Cookie(name, "", maxAge: 0, isSecure: settings.isSecure))
        }
    }
}
