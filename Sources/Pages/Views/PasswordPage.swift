/// The form for a new password.
package struct PasswordPage: View {
    let email: String
    let current: Field
    let password: Field
    /// The key of the new password's label.
    let label: String

    /// Creates the page from its values.
    package init(
        email: String, current: Field, password: Field, label: String
    ) {
        self.email = email
        self.current = current
        self.password = password
        self.label = label
    }

    package static let template = "password"
    package static let sample = PasswordPage(
        email: "ada@example.com", current: .sample, password: .sample, label: "passwordLabel.new")
}
