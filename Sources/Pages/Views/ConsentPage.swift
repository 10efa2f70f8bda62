/// The page that asks whether an application may use the account.
package struct ConsentPage: View {
    /// The name of the application.
    let client: String
    /// The name of the user who registered the application, if known.
    let owner: String?
    let name: String
    let email: String
    let scopes: [ScopeLine]
    let hasScopes: Bool
    /// The key of the text about the destination of the answer.
    let destination: String
    /// The host, or the scheme of an app.
    let host: String
    let authToken: String
    /// The address that receives the decision.
    ///
    /// Its query contains the authorization request. So the user can be asked again after the
    /// session has ended.
    let action: String
    /// The address to sign in as another user.
    let switchAddress: String

    /// Creates the page from its values.
    package init(
        client: String, owner: String?, name: String, email: String, scopes: [ScopeLine], hasScopes: Bool,
        destination: String, host: String, authToken: String, action: String, switchAddress: String
    ) {
        self.client = client
        self.owner = owner
        self.name = name
        self.email = email
        self.scopes = scopes
        self.hasScopes = hasScopes
        self.destination = destination
        self.host = host
        self.authToken = authToken
        self.action = action
        self.switchAddress = switchAddress
    }

    package var leadsToClient: Bool { true }

    package static let template = "consent"
    package static let sample = ConsentPage(
        client: "Shop", owner: "Grace", name: "Ada", email: "ada@example.com", scopes: [.sample], hasScopes: true,
        destination: "destination.host",
        host: "shop.example", authToken: "token", action: "/oauth/authorize", switchAddress: "/login")
}

/// A scope, in words.
package struct ScopeLine: Sendable {
    let description: String

    /// Creates the line from the description of a scope.
    package init(description: String) {
        self.description = description
    }

    static let sample = ScopeLine(description: "Place orders")
}
