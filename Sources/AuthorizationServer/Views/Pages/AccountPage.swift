/// Everything that belongs to a user: applications, tokens, clients, sessions.
struct AccountPage: View {
    let name: String
    let email: String
    let applications: [Application]
    let hasApplications: Bool
    let tokens: [Token]
    let hasTokens: Bool
    let clients: [OwnClient]
    let hasClients: Bool
    let sessions: [Browser]
    let hasOtherSessions: Bool

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

    /// A browser that is signed in.
    struct Browser: Sendable {
        let id: String
        /// The key of the text about the device.
        let device: String
        let browser: String
        let system: String
        let address: String
        let lastSeen: Moment
        let isCurrent: Bool
    }

    static let template = "account"
    static let sample = AccountPage(
        name: "Ada", email: "ada@example.com",
        applications: [.init(id: "1", name: "Shop", scopes: [.sample], hasScopes: true, since: .sample, lastUsed: .sample)], hasApplications: true,
        tokens: [
            .init(id: "1", name: "Backup", scopes: [.sample], hasScopes: true, expires: .sample, isUsed: true, lastUsed: .sample)
        ], hasTokens: true,
        clients: [.init(id: "1", name: "Shop")], hasClients: true,
        sessions: [
            .init(
                id: "1", device: "device.known", browser: "Firefox", system: "Linux", address: "192.0.2.7", lastSeen: .sample, isCurrent: false)
        ], hasOtherSessions: true)
}
