/// The page that asks whether to sign out.
struct SignOutPage: View {
    let name: String
    let email: String

    static let template = "sign-out"
    static let sample = SignOutPage(name: "Ada", email: "ada@example.com")
}

/// The page that says that nobody is signed in.
struct SignedOutPage: View {
    static let template = "signed-out"
    static let sample = SignedOutPage()
}
