import HTTP
import HTTPTypes
import MariaDB
import OAuth
import Pages
import Storage

/// One request during an action: its content, its caller, and the tools to answer it.
struct Call {
    let application: Application
    var request: Request
    private let incoming: Incoming
    let worker: Worker
    let now: Timestamp
    /// The decoded parameters of the path.
    var path: [String: String] = [:]
    var caller: Caller?

    init(application: Application, request: Request, worker: Worker, now: Timestamp) {
        self.application = application
        self.request = request
        incoming = Incoming(request, worker)
        self.worker = worker
        self.now = now
    }

    var database: Connection { worker.database }
    var settings: Settings { application.settings }
    var users: UserRepository { UserRepository(database) }
    var clients: ClientRepository { ClientRepository(database) }
    var cache: CacheRepository { CacheRepository(database, application.applicationKey) }

    /// Returns the user that the route's access admitted.
    func user() throws(HTTPError) -> User {
        guard let user = caller?.user else { throw .unauthorized }
        return user
    }

    /// Returns the session that the route's access admitted.
    func callersSession() throws(HTTPError) -> Session {
        guard let session = caller?.session else { throw .forbidden }
        return session
    }

    /// Returns the client that the route's access admitted.
    func client() throws(OAuthError) -> Client {
        guard let client = caller?.client else { throw .invalidClient }
        return client
    }

    /// Prevents the withdrawal of the caller's credential until the transaction ends.
    ///
    /// Throws 401 if the credential was withdrawn after it was read.
    func holdCredential() throws {
        let isHeld =
            switch caller?.credential {
            case .session(let session)?: try SessionRepository(database).hold(session.id)
            case .transient(let id?)?: try SessionRepository(database).hold(id)
            case .bearer(let bearer)? where bearer.isFirstParty:
                try AccessTokenRepository(database).hold(bearer.token.id)
            case .bearer?, .transient(nil)?, nil: true
            }
        guard isHeld else { throw SignInRequired() }
    }

    /// The parameters of the query.
    var query: Parameters {
        get throws(HTTPError) { try incoming.query() }
    }

    /// The parameters of the body.
    var body: Parameters {
        get throws(HTTPError) { try incoming.body() }
    }

    /// Records that a route was found.
    func noteRoute() { incoming.isRouted = true }

    /// Whether the caller wants a page.
    var prefersPage: Bool { incoming.prefersPage }

    /// Runs a transaction.
    ///
    /// A rollback also removes the events of the transaction.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        let count = worker.events.count
        do {
            return try database.transaction {
                worker.events.removeSubrange(count...)
                return try body()
            }
        } catch {
            worker.events.removeSubrange(count...)
            throw HTTPError.unfit(error) ?? error
        }
    }

    /// Changes the database and reports the change: one transaction stores both or neither.
    ///
    /// The event is logged when the request is answered.
    @discardableResult
    func change<Result>(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil, _ body: (Change) throws -> Result
    ) throws -> Result {
        let event = event(kind, user: user, client: client, token: token, detail: detail)
        return try transaction {
            let (result, reported) = try Change.report(
                event, on: database, isStored: settings.auditRetention > 0, body)
            if let reported { worker.events.append(reported) }
            return result
        }
    }

    /// Issues an access token: the statements that store it also store the event, in one round
    /// trip.
    func issue<Result>(_ token: AccessToken, _ body: (Change) throws -> Result) throws -> Result {
        let event = event(
            .tokenIssued, user: token.userID, client: token.clientID, token: token.id,
            detail: token.grantType?.rawValue)
        let (result, reported) = try Change.reportInOneStatement(event, isStored: settings.auditsIssuing, body)
        if let reported { worker.events.append(reported) }
        return result
    }

    /// Reports an event that changes nothing else, in the audit trail and in the log.
    func record(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil
    ) throws(DatabaseError) {
        let event = event(kind, user: user, client: client, token: token, detail: detail)
        if settings.auditRetention > 0 { try AuditEventRepository(database).store(event) }
        worker.events.append(event)
    }

    /// Records an event that strangers can cause as often as they like.
    ///
    /// The table gets one event a minute for a user or a client. The log gets all events. All
    /// unknown users count as one user, and all unknown clients count as one client.
    func recordOnceAMinute(_ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil)
        throws(DatabaseError)
    {
        let key = "\(kind.rawValue):\(user?.rawValue ?? client?.rawValue ?? "")"
        // Reads before it writes. Otherwise strangers could write to one row as often as they like.
        if try cache.find(key, tags: CacheRepository.throttles, now: now) == nil,
            try cache.increment(key, tags: CacheRepository.throttles, window: 60, now: now).count == 1
        {
            try record(kind, user: user, client: client)
        } else {
            worker.events.append(event(kind, user: user, client: client))
        }
    }

    /// The place that the request comes from.
    var place: Place { Place(address: request.remoteAddress, userAgent: request[.userAgent] ?? "") }

    /// Creates an event of this request.
    func event(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil
    ) -> AuditEvent {
        AuditEvent(
            kind, user: user, client: client, token: token, detail: detail, from: request.remoteAddress,
            requestID: request.id, at: now)
    }

    /// The languages that the request names, or that the authorization request after the sign-in
    /// names (OpenID Connect Core §3.1.2.1).
    var locales: String? {
        guard incoming.isRouted else { return nil }
        let query = (try? self.query) ?? Parameters()
        let body = (try? self.body) ?? Parameters()
        let returnTo = ReturnAddress(query) ?? ReturnAddress(body)
        return (query["ui_locales"] ?? body["ui_locales"] ?? returnTo?.authorizationRequest?["ui_locales"])?.text
    }

    /// The language that the caller reads best.
    var language: String {
        if let language = incoming.language { return language }
        let language = Language.choose(
            uiLocales: locales, acceptLanguage: request[.acceptLanguage], among: application.views.languages)
        incoming.language = language
        return language
    }

    // MARK: - The session

    /// Returns the live session of the request's cookie, and extends its life.
    ///
    /// Two paths or domains may have a cookie of this name. The cookie with a live session counts.
    func session() throws(DatabaseError) -> Session? {
        if let visit = incoming.visit { return visit?.session }
        for cookie in SessionCookie.all(self) where !cookie.isGuest {
            guard let session = try activeSession(cookie.sessionID) else { continue }
            incoming.visit = .some((cookie, session))
            if now > session.lastSeenAt + 60 {
                try SessionRepository(database).touch(
                    session.id, now: now, expiresAt: settings.sessionExpiry(session.createdAt, now: now))
            }
            return session
        }
        incoming.visit = .some(nil)
        return nil
    }

    /// Returns the session of an id while it lives.
    ///
    /// A session lives if it is neither idle nor older than `SESSION_ABSOLUTE_LIFETIME`.
    func activeSession(_ id: Session.ID) throws(DatabaseError) -> Session? {
        try SessionRepository(database).findActive(id, now: now).flatMap {
            now < $0.createdAt + settings.sessionAbsoluteLifetime ? $0 : nil
        }
    }

    /// The session cookie of the request.
    ///
    /// If two cookies exist, the cookie with a live session counts, otherwise the first cookie.
    var cookie: SessionCookie? { cookies.first }

    /// The session cookies that count.
    ///
    /// If several cookies exist, only the cookie with a live session counts. If no session lives,
    /// all cookies count.
    var cookies: [SessionCookie] {
        let cookies = SessionCookie.all(self)
        guard cookies.count > 1 else { return cookies }
        _ = try? session()
        return (incoming.visit ?? nil).map { [$0.cookie] } ?? cookies
    }
}
