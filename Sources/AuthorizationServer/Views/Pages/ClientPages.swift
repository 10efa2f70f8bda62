/// The form for a new or an existing application of a user.
struct ClientPage: View {
    /// The key of the heading.
    let heading: String
    /// The key of the button's text.
    let submit: String
    let action: String
    /// The id of the application, or `nil` for a new application.
    let id: String?
    let name: Field
    let redirect: Field
    let confidential: Field
    let isConfidential: Bool

    static let template = "client"
    static let sample = ClientPage(
        heading: "clientPage.create", submit: "clientSubmit.create", action: "/oauth/clients", id: "1", name: .sample,
        redirect: .sample,
        confidential: .sample,
        isConfidential: true)
}

/// The page with the id of an application and a secret that is shown only once.
struct ClientSecretPage: View {
    /// The key of the heading.
    let heading: String
    let name: String
    let id: String
    /// The secret, or `nil` for a public client.
    let secret: String?

    static let template = "client-secret"
    static let sample = ClientSecretPage(heading: "clientSecret.created", name: "Shop", id: "1", secret: "secret")
}
