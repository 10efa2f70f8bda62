/// The registration page.
package struct RegisterPage: View {
    let name: Field
    let email: Field
    let password: Field
    /// The key of the label of the password.
    let label: String
    let returnTo: String
    let signInAddress: String
    /// Whether the page was opened for an authorization request.
    package let leadsToClient: Bool

    /// Creates the page from its values.
    package init(
        name: Field, email: Field, password: Field, label: String, returnTo: String, signInAddress: String,
        leadsToClient: Bool
    ) {
        self.name = name
        self.email = email
        self.password = password
        self.label = label
        self.returnTo = returnTo
        self.signInAddress = signInAddress
        self.leadsToClient = leadsToClient
    }

    package static let template = "register"
    package static let sample = RegisterPage(
        name: .sample, email: .sample, password: .sample, label: "passwordLabel.choose",
        returnTo: "/account", signInAddress: "/login", leadsToClient: true)
}
