import HTTP
import HTTPTypes

/// A user's own page.
enum AccountController {
    /// `GET /account`: what the user has authorized, made and registered, and where they are signed in.
    static func show(_ call: Call) throws -> Response {
        let user = try call.user()
        let applications = try AuthorizedApplicationRepository(call.database).activeForUser(user, now: call.now)
        let sessions = try SessionRepository(call.database).activeForUser(user, now: call.now)
        guard call.request.acceptsHTML else {
            return .json(
                [
                    "user": user.json(forThemselves: true), "applications": .array(applications.map(\.json)),
                    "sessions": .array(sessions.map { $0.json(isCurrent: isCurrent($0, call)) }),
                ], fields: [.cacheControl: "no-store"])
        }
        let tokens = try AccessTokenRepository(call.database).personalForUser(user, now: call.now)
        let clients = try call.clients.activeForUser(user)
        return Page.render(
            AccountPage(
                name: user.name, email: user.email, applications: applications.map { line($0, call) }, hasApplications: !applications.isEmpty,
                tokens: tokens.map { line($0, call) }, hasTokens: !tokens.isEmpty,
                clients: clients.map { .init(id: $0.id.rawValue, name: $0.name) }, hasClients: !clients.isEmpty,
                sessions: sessions.map { line($0, call) }, hasOtherSessions: sessions.count > 1), call)
    }

    private static func isCurrent(_ session: Session, _ call: Call) -> Bool {
        guard case .session(let current)? = call.caller?.credential else { return false }
        return session.id == current.id
    }

    private static func line(_ application: AuthorizedApplication, _ call: Call) -> AccountPage.Application {
        .init(
            id: application.clientID.rawValue, name: application.name, scopes: call.settings.scopes.describe(application.scopes).map(ScopeLine.init),
            hasScopes: !application.scopes.isEmpty, since: Moment(application.since), lastUsed: Moment(application.lastUsedAt))
    }

    private static func line(_ token: AccessToken, _ call: Call) -> AccountPage.Token {
        .init(
            id: token.id.rawValue, name: token.name ?? "", scopes: call.settings.scopes.describe(token.scopes).map(ScopeLine.init),
            hasScopes: !token.scopes.isEmpty, expires: Moment(token.expiresAt), isUsed: token.lastUsedAt != nil,
            lastUsed: Moment(token.lastUsedAt ?? token.createdAt))
    }

    private static func line(_ session: Session, _ call: Call) -> AccountPage.Browser {
        let device = Device(userAgent: session.userAgent)
        return .init(
            id: session.id.rawValue, device: device.key, browser: device.browser ?? "", system: device.system ?? "", address: session.address,
            lastSeen: Moment(session.lastSeenAt), isCurrent: isCurrent(session, call))
    }
}
