/// The registration page.
struct RegisterPage: View {
    let name: Field
    let email: Field
    let password: Field
    /// The key of the label of the password.
    let label: String
    let returnTo: String
    let signInAddress: String
    /// Whether the page was opened for an authorization request.
    let leadsToClient: Bool

    static let template = "register"
    static let sample = RegisterPage(
        name: .sample, email: .sample, password: .sample, label: "passwordLabel.choose",
        returnTo: "/account", signInAddress: "/login", leadsToClient: true)
}
