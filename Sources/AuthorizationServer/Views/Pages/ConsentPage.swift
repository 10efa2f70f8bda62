/// Asks whether an application may use the account.
struct ConsentPage: View {
    /// The application's name.
    let client: String
    /// Who registered it, where that is known.
    let owner: String?
    let name: String
    let email: String
    let scopes: [ScopeLine]
    let hasScopes: Bool
    /// The key of the text about where the answer goes.
    let destination: String
    /// The host, or the scheme of an app.
    let host: String
    let authToken: String
    /// Where the decision is sent, with the request in its query, so that it can be asked again after the session has ended.
    let action: String
    /// Where to sign in as somebody else.
    let switchAddress: String

    var leadsToClient: Bool { true }

    static let template = "consent"
    static let sample = ConsentPage(
        client: "Shop", owner: "Grace", name: "Ada", email: "ada@example.com", scopes: [.sample], hasScopes: true,
        destination: "destination.host",
        host: "shop.example", authToken: "token", action: "/oauth/authorize", switchAddress: "/login")
}

/// A scope, in words.
struct ScopeLine: Sendable {
    let description: String

    init(_ scope: Scope) {
        description = scope.description
    }

    static let sample = ScopeLine(Scope(id: "place-orders", description: "Place orders"))
}
