/// The page that asks whether to sign out.
package struct SignOutPage: View {
    let name: String
    let email: String

    /// Creates the page from its values.
    package init(
        name: String, email: String
    ) {
        self.name = name
        self.email = email
    }

    package static let template = "sign-out"
    package static let sample = SignOutPage(name: "Ada", email: "ada@example.com")
}

/// The page that says that nobody is signed in.
package struct SignedOutPage: View {
    /// Creates the page.
    package init() {}

    package static let template = "signed-out"
    package static let sample = SignedOutPage()
}
