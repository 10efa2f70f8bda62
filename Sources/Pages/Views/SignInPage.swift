/// The sign-in page.
package struct SignInPage: View {
    let email: Field
    let password: Field
    let returnTo: String
    /// The name of the application to which the user continues.
    let client: String?
    /// The address of the registration page, if anybody may create an account.
    let registerAddress: String?
    /// Whether the page was opened for an authorization request.
    package let leadsToClient: Bool

    /// Creates the page from its values.
    package init(
        email: Field, password: Field, returnTo: String, client: String?, registerAddress: String?, leadsToClient: Bool
    ) {
        self.email = email
        self.password = password
        self.returnTo = returnTo
        self.client = client
        self.registerAddress = registerAddress
        self.leadsToClient = leadsToClient
    }

    package static let template = "sign-in"
    package static let sample = SignInPage(
        email: .sample, password: .sample, returnTo: "/account", client: "Shop", registerAddress: "/register",
        leadsToClient: true)
}
