/// The page of everything that belongs to a user: applications, tokens, clients, sessions.
struct AccountPage: View {
    let name: String
    let email: String
    let applications: [Application]
    let hasApplications: Bool
    /// The address of the next applications.
    let moreApplications: String?
    let tokens: [Token]
    let hasTokens: Bool
    /// The address of the next tokens.
    let moreTokens: String?
    let clients: [OwnClient]
    let hasClients: Bool
    /// The address of the next clients.
    let moreClients: String?
    let sessions: [Browser]
    let hasOtherSessions: Bool
    let moreSessions: String?

    /// An application that the user has authorized.
    struct Application: Sendable {
        let id: String
        let name: String
        let scopes: [ScopeLine]
        let hasScopes: Bool
        let since: Moment
        let lastUsed: Moment
    }

    /// A personal access token.
    struct Token: Sendable {
        let id: String
        let name: String
        let scopes: [ScopeLine]
        let hasScopes: Bool
        let expires: Moment
        let isUsed: Bool
        let lastUsed: Moment
    }

    /// An application that the user has registered.
    struct OwnClient: Sendable {
        let id: String
        let name: String
    }

    /// A browser, a program or a first-party application that is signed in.
    struct Browser: Sendable {
        let id: String
        /// The key of the text about the kind of session.
        let kind: String
        /// The name of the application.
        ///
        /// The name is empty for a browser.
        let client: String
        /// The key of the text about the device.
        let device: String
        let browser: String
        let system: String
        let address: String
        let hasAddress: Bool
        let lastSeen: Moment
        let isCurrent: Bool
    }

    static let template = "account"
    static let sample = AccountPage(
        name: "Ada", email: "ada@example.com",
        applications: [
            .init(id: "1", name: "Shop", scopes: [.sample], hasScopes: true, since: .sample, lastUsed: .sample)
        ], hasApplications: true,
        moreApplications: "/account?applications=2#applications",
        tokens: [
            .init(
                id: "1", name: "Backup", scopes: [.sample], hasScopes: true, expires: .sample, isUsed: true,
                lastUsed: .sample)
        ], hasTokens: true, moreTokens: "/account?tokens=2#tokens",
        clients: [.init(id: "1", name: "Shop")], hasClients: true, moreClients: "/account?clients=2#clients",
        sessions: [
            .init(
                id: "1", kind: "sessionKind.browser", client: "Shop", device: "device.known", browser: "Firefox",
                system: "Linux",
                address: "192.0.2.7", hasAddress: true, lastSeen: .sample, isCurrent: false)
        ], hasOtherSessions: true, moreSessions: "/account?sessions=2#sessions")
}
