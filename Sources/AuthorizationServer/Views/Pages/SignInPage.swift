/// The sign-in page.
struct SignInPage: View {
    let email: Field
    let password: Field
    let returnTo: String
    /// The name of the application to which the user continues.
    let client: String?
    /// The address of the registration page, if anybody may create an account.
    let registerAddress: String?
    /// Whether the page was opened for an authorization request.
    let leadsToClient: Bool

    static let template = "sign-in"
    static let sample = SignInPage(
        email: .sample, password: .sample, returnTo: "/account", client: "Shop", registerAddress: "/register",
        leadsToClient: true)
}
