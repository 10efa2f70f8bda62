import HTTP
import HTTPTypes
import MariaDB

/// One request on its way through an action: what came in, who sent it, and what it takes to answer.
struct Call {
    let application: Application
    var request: Request
    let worker: Worker
    let now: Timestamp
    /// The decoded parameters of the path.
    var path: [String: String] = [:]
    var caller: Caller?

    var database: Connection { worker.database }
    var settings: Settings { application.settings }
    var users: UserRepository { UserRepository(database) }
    var clients: ClientRepository { ClientRepository(database) }

    /// The user that the route's access has let in.
    func user() throws(HTTPError) -> User {
        guard let caller else { throw .unauthorized }
        return caller.user
    }

    /// What the query says.
    var query: Parameters {
        get throws(HTTPError) { request.query.isEmpty ? Parameters() : try Parameters(query: request.query) }
    }

    /// What the body says.
    var body: Parameters {
        get throws(HTTPError) { try Parameters(bodyOf: request) }
    }

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
            throw error
        }
    }

    /// Stores an event in the audit trail, within a transaction together with what that does, and has it logged with the answer.
    func record(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil, detail: String? = nil
    ) throws(DatabaseError) {
        let event = event(kind, user: user, client: client, token: token, detail: detail)
        if settings.auditRetention > 0 { try AuditEventRepository(database).store(event) }
        worker.events.append(event)
    }

    /// An event of this request.
    func event(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil, detail: String? = nil
    ) -> AuditEvent {
        AuditEvent(
            kind, user: user, client: client, token: token, detail: detail, from: request.remoteAddress, requestID: request.id, at: now)
    }

    /// The languages that the request names, or the one that follows signing in does (OpenID Connect Core §3.1.2.1).
    var locales: String? {
        let query = (try? self.query) ?? Parameters()
        let body = (try? self.body) ?? Parameters()
        let returnTo = ReturnAddress(query) ?? ReturnAddress(body)
        return (query["ui_locales"] ?? body["ui_locales"] ?? returnTo?.authorizationRequest?["ui_locales"])?.text
    }

    /// The language that the caller reads best.
    var language: String {
        Language.choose(
            uiLocales: locales, acceptLanguage: request[.acceptLanguage], among: application.views.languages)
    }

    /// The session of the request's cookie, while it lives; using it keeps it alive.
    func session() throws(DatabaseError) -> Session? {
        guard let cookie = SessionCookie(call: self), !cookie.isGuest else { return nil }
        let sessions = SessionRepository(database)
        guard let session = try sessions.findActive(cookie.sessionID, now: now) else { return nil }
        if now > session.lastSeenAt + 60 { try sessions.touch(session.id, now: now, expiresAt: now + settings.sessionLifetime) }
        return session
    }
}
