import HTTP
import HTTPTypes
import MariaDB

/// One request on its way through an action: what came in, who sent it, and what it takes to answer.
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

    /// The user that the route's access has let in.
    func user() throws(HTTPError) -> User {
        guard let caller else { throw .unauthorized }
        return caller.user
    }

    /// Keeps the caller's credential from being withdrawn until the transaction ends; throws 401 if
    /// it was withdrawn since it was read.
    func holdCredential() throws {
        let isHeld =
            switch caller?.credential {
            case .session(let session)?: try SessionRepository(database).hold(session.id)
            case .transient(let id?)?: try SessionRepository(database).hold(id)
            case .firstPartyBearer(let id)?: try AccessTokenRepository(database).hold(id)
            case .bearer?, .transient(nil)?, nil: true
            }
        guard isHeld else { throw SignInRequired() }
    }

    /// What the query says.
    var query: Parameters {
        get throws(HTTPError) { try incoming.query() }
    }

    /// What the body says.
    var body: Parameters {
        get throws(HTTPError) { try incoming.body() }
    }

    /// Notes that a route was found.
    func noteRoute() { incoming.isRouted = true }

    /// Whether the caller wants a page.
    var prefersPage: Bool { incoming.prefersPage }

    /// Runs a transaction, whose events are forgotten with it where it is rolled back.
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

    /// Stores an event in the audit trail, within a transaction together with what that does, and has it logged with the answer.
    func record(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil
    ) throws(DatabaseError) {
        let event = event(kind, user: user, client: client, token: token, detail: detail)
        if settings.auditRetention > 0 { try AuditEventRepository(database).store(event) }
        worker.events.append(event)
    }

    /// Records an event that strangers can cause as often as they like: the table gets one a minute
    /// for a user or a client, the log all.
    ///
    /// All unknown users, and all unknown clients, count as one.
    func recordOnceAMinute(_ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil)
        throws(DatabaseError)
    {
        let key = "\(kind.rawValue):\(user?.rawValue ?? client?.rawValue ?? "")"
        // Looked at first: strangers would otherwise write to one row as often as they like.
        if try cache.find(key, tags: CacheRepository.throttles, now: now) == nil,
            try cache.increment(key, tags: CacheRepository.throttles, window: 60, now: now).count == 1
        {
            try record(kind, user: user, client: client)
        } else {
            worker.events.append(event(kind, user: user, client: client))
        }
    }

    /// An event of this request.
    func event(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil
    ) -> AuditEvent {
        AuditEvent(
            kind, user: user, client: client, token: token, detail: detail, from: request.remoteAddress,
            requestID: request.id, at: now)
    }

    /// The languages that the request names, or the one that follows signing in does (OpenID Connect Core §3.1.2.1).
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

    /// The session of the request's cookie, while it lives; using it keeps it alive.
    ///
    /// Two paths or domains may have a cookie of this name: the one counts whose session lives.
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

    /// The session of an id, while it lives: neither idle nor older than
    /// `SESSION_ABSOLUTE_LIFETIME`.
    func activeSession(_ id: Session.ID) throws(DatabaseError) -> Session? {
        try SessionRepository(database).findActive(id, now: now).flatMap {
            now < $0.createdAt + settings.sessionAbsoluteLifetime ? $0 : nil
        }
    }

    /// The session cookie of the request; of two, the one whose session lives, or else the first.
    var cookie: SessionCookie? { cookies.first }

    /// The session cookies that count: of several the one whose session lives, and all if none
    /// does.
    var cookies: [SessionCookie] {
        let cookies = SessionCookie.all(self)
        guard cookies.count > 1 else { return cookies }
        _ = try? session()
        return (incoming.visit ?? nil).map { [$0.cookie] } ?? cookies
    }
}
