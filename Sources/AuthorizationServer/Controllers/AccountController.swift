import HTTP
import HTTPTypes
import OAuth
import Pages
import Storage

/// The account page of a user.
enum AccountController {
    /// `GET /account`: shows what the user has authorized, created and registered, and the user's
    /// sessions.
    ///
    /// The page shows 25 entries of each kind at a time.
    static func show(_ call: Call) throws -> Response {
        guard call.prefersPage else { return try document(call) }
        let user = try call.user()
        let (applications, moreApplications) = try portion("applications", call) { size, offset in
            try AuthorizedApplicationRepository(call.database).activeForUser(
                user, limit: size, offset: offset, now: call.now)
        }
        let (tokens, moreTokens) = try portion("tokens", call) { size, offset in
            try AccessTokenRepository(call.database).personalForUser(user, limit: size, offset: offset, now: call.now)
        }
        let (clients, moreClients) = try portion("clients", call) { size, offset in
            try call.clients.activeForUser(user, limit: size, offset: offset)
        }
        let (sessions, moreSessions) = try portion("sessions", call) { size, offset in
            try AccountSessionRepository(call.database).activeForUser(user, limit: size, offset: offset, now: call.now)
        }
        return Page.render(
            AccountPage(
                name: user.name, email: user.email, applications: applications.map { line($0, call) },
                hasApplications: !applications.isEmpty,
                moreApplications: moreApplications,
                tokens: tokens.map { line($0, call) }, hasTokens: !tokens.isEmpty, moreTokens: moreTokens,
                clients: clients.map { .init(id: $0.id.rawValue, name: $0.name) }, hasClients: !clients.isEmpty,
                moreClients: moreClients,
                sessions: sessions.map { line($0, call) },
                hasOtherSessions: sessions.contains { !isCurrent($0, call) } || moreSessions != nil,
                moreSessions: moreSessions), call)
    }

    /// Returns the entries of one kind, and the address of the next entries if more exist.
    private static func portion<Entry>(_ kind: String, _ call: Call, read: (Int, Int) throws -> [Entry]) throws -> (
        [Entry], more: String?
    ) {
        let portion = try Portion(kind, of: Portion.ofPage, call)
        let (entries, next) = portion.cut(try read(portion.limit, portion.offset))
        return (entries, next.map { "/account?\(kind)=\($0)#\(kind)" })
    }

    /// Returns the account as a document.
    ///
    /// The document has only the lists that no other endpoint returns, with 1,000 entries at a
    /// time.
    private static func document(_ call: Call) throws -> Response {
        let user = try call.user()
        let portion = try Portion(of: Portion.ofDocument, call)
        let (applications, nextApplications) = portion.cut(
            try AuthorizedApplicationRepository(call.database).activeForUser(
                user, limit: portion.limit, offset: portion.offset, now: call.now))
        let (sessions, nextSessions) = portion.cut(
            try AccountSessionRepository(call.database).activeForUser(
                user, limit: portion.limit, offset: portion.offset, now: call.now))
        var response = Response.json(
            [
                "user": user.json(forThemselves: true), "applications": .array(applications.map(\.json)),
                "sessions": .array(sessions.map { $0.json(isCurrent: isCurrent($0, call)) }),
            ], fields: [.cacheControl: "no-store"])
        if let next = nextApplications ?? nextSessions {
            response.fields[.link] = "<\(call.settings.issuer)/account?page=\(next)>; rel=\"next\""
        }
        return response
    }

    private static func isCurrent(_ session: AccountSession, _ call: Call) -> Bool {
        guard let current = call.caller?.session else { return false }
        return session.id == current.id.rawValue
    }

    private static func line(_ application: AuthorizedApplication, _ call: Call) -> AccountPage.Application {
        .init(
            id: application.clientID.rawValue, name: application.name,
            scopes: call.settings.scopes.describe(application.scopes).map(ScopeLine.init),
            hasScopes: !application.scopes.isEmpty, since: Moment(application.since),
            lastUsed: Moment(application.lastUsedAt))
    }

    private static func line(_ token: AccessToken, _ call: Call) -> AccountPage.Token {
        .init(
            id: token.id.rawValue, name: token.name ?? "",
            scopes: call.settings.scopes.describe(token.scopes).map(ScopeLine.init),
            hasScopes: !token.scopes.isEmpty, expires: Moment(token.expiresAt), isUsed: token.lastUsedAt != nil,
            lastUsed: Moment(token.lastUsedAt ?? token.createdAt))
    }

    private static func line(_ session: AccountSession, _ call: Call) -> AccountPage.Browser {
        let device = Device(userAgent: session.userAgent)
        return .init(
            id: session.id,
            kind: session.client == nil
                ? "sessionKind.browser" : session.isOfSignIn ? "sessionKind.program" : "sessionKind.application",
            client: session.client ?? "", device: device.key, browser: device.browser ?? "",
            system: device.system ?? "", address: session.address,
            hasAddress: !session.address.isEmpty, lastSeen: Moment(session.lastSeenAt),
            isCurrent: isCurrent(session, call))
    }
}
