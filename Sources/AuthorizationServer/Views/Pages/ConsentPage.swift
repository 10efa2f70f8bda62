/// The page that asks whether an application may use the account.
struct ConsentPage: View {
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
