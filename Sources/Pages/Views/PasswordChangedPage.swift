/// The page that says which access a new password has ended and which access remains.
package struct PasswordChangedPage: View {
    let applications: [Kept]
    let tokens: [Kept]
    let hasTokens: Bool
    let hasAccess: Bool
    /// Whether there are more applications or tokens than the page names.
    let hasMore: Bool

    /// Creates the page from its values.
    package init(
        applications: [Kept], tokens: [Kept], hasTokens: Bool, hasAccess: Bool, hasMore: Bool
    ) {
        self.applications = applications
        self.tokens = tokens
        self.hasTokens = hasTokens
        self.hasAccess = hasAccess
        self.hasMore = hasMore
    }

    /// An application or a personal access token that keeps its access.
    package struct Kept: Sendable {
        let name: String

        /// Creates the page from its values.
        package init(
            name: String
        ) {
            self.name = name
        }
    }

    package static let template = "password-changed"
    package static let sample = PasswordChangedPage(
        applications: [Kept(name: "Shop")], tokens: [Kept(name: "Backup")], hasTokens: true, hasAccess: true,
        hasMore: true)
}
