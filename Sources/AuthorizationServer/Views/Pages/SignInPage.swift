/// The sign-in page.
struct SignInPage: View {
    let email: Field
    let password: Field
    let returnTo: String
    /// The application that one goes on to.
    let client: String?
    /// Where to make an account, if anybody may.
    let registerAddress: String?
    /// It was opened for an authorization request.
    let leadsToClient: Bool

    static let template = "sign-in"
    static let sample = SignInPage(
        email: .sample, password: .sample, returnTo: "/account", client: "Shop", registerAddress: "/register",
        leadsToClient: true)
}
