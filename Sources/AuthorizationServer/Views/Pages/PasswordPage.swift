/// The form for a new password.
struct PasswordPage: View {
    let email: String
    let current: Field
    let password: Field
    /// The key of the new password's label.
    let label: String

    static let template = "password"
    static let sample = PasswordPage(
        email: "ada@example.com", current: .sample, password: .sample, label: "passwordLabel.new")
}
