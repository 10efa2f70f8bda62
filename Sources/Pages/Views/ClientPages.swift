/// The form for a new or an existing application of a user.
package struct ClientPage: View {
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

    /// Creates the page from its values.
    package init(
        heading: String, submit: String, action: String, id: String?, name: Field, redirect: Field, confidential: Field,
        isConfidential: Bool
    ) {
        self.heading = heading
        self.submit = submit
        self.action = action
        self.id = id
        self.name = name
        self.redirect = redirect
        self.confidential = confidential
        self.isConfidential = isConfidential
    }

    package static let template = "client"
    package static let sample = ClientPage(
        heading: "clientPage.create", submit: "clientSubmit.create", action: "/oauth/clients", id: "1", name: .sample,
        redirect: .sample,
        confidential: .sample,
        isConfidential: true)
}

/// The page with the id of an application and a secret that is shown only once.
package struct ClientSecretPage: View {
    /// The key of the heading.
    let heading: String
    let name: String
    let id: String
    /// The secret, or `nil` for a public client.
    let secret: String?

    /// Creates the page from its values.
    package init(
        heading: String, name: String, id: String, secret: String?
    ) {
        self.heading = heading
        self.name = name
        self.id = id
        self.secret = secret
    }

    package static let template = "client-secret"
    package static let sample = ClientSecretPage(
        heading: "clientSecret.created", name: "Shop", id: "1", secret: "secret")
}
