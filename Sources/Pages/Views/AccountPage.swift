/// The page of everything that belongs to a user: applications, tokens, clients, sessions.
package struct AccountPage: View {
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

    /// Creates the page from its values.
    package init(
        name: String, email: String, applications: [Application], hasApplications: Bool, moreApplications: String?,
        tokens: [Token], hasTokens: Bool, moreTokens: String?, clients: [OwnClient], hasClients: Bool,
        moreClients: String?, sessions: [Browser], hasOtherSessions: Bool, moreSessions: String?
    ) {
        self.name = name
        self.email = email
        self.applications = applications
        self.hasApplications = hasApplications
        self.moreApplications = moreApplications
        self.tokens = tokens
        self.hasTokens = hasTokens
        self.moreTokens = moreTokens
        self.clients = clients
        self.hasClients = hasClients
        self.moreClients = moreClients
        self.sessions = sessions
        self.hasOtherSessions = hasOtherSessions
        self.moreSessions = moreSessions
    }

    /// An application that the user has authorized.
    package struct Application: Sendable {
        let id: String
        let name: String
        let scopes: [ScopeLine]
        let hasScopes: Bool
        let since: Moment
        let lastUsed: Moment

        /// Creates the page from its values.
        package init(
            id: String, name: String, scopes: [ScopeLine], hasScopes: Bool, since: Moment, lastUsed: Moment
        ) {
            self.id = id
            self.name = name
            self.scopes = scopes
            self.hasScopes = hasScopes
            self.since = since
            self.lastUsed = lastUsed
        }
    }

    /// A personal access token.
    package struct Token: Sendable {
        let id: String
        let name: String
        let scopes: [ScopeLine]
        let hasScopes: Bool
        let expires: Moment
        let isUsed: Bool
        let lastUsed: Moment

        /// Creates the page from its values.
        package init(
            id: String, name: String, scopes: [ScopeLine], hasScopes: Bool, expires: Moment, isUsed: Bool,
            lastUsed: Moment
        ) {
            self.id = id
            self.name = name
            self.scopes = scopes
            self.hasScopes = hasScopes
            self.expires = expires
            self.isUsed = isUsed
            self.lastUsed = lastUsed
        }
    }

    /// An application that the user has registered.
    package struct OwnClient: Sendable {
        let id: String
        let name: String

        /// Creates the page from its values.
        package init(
            id: String, name: String
        ) {
            self.id = id
            self.name = name
        }
    }

    /// A browser, a program or a first-party application that is signed in.
    package struct Browser: Sendable {
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

        /// Creates the page from its values.
        package init(
            id: String, kind: String, client: String, device: String, browser: String, system: String, address: String,
            hasAddress: Bool, lastSeen: Moment, isCurrent: Bool
        ) {
            self.id = id
            self.kind = kind
            self.client = client
            self.device = device
            self.browser = browser
            self.system = system
            self.address = address
            self.hasAddress = hasAddress
            self.lastSeen = lastSeen
            self.isCurrent = isCurrent
        }
    }

    package static let template = "account"
    package static let sample = AccountPage(
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
