/// The page that says which access a new password has ended and which access remains.
struct PasswordChangedPage: View {
    let applications: [Kept]
    let tokens: [Kept]
    let hasTokens: Bool
    let hasAccess: Bool
    /// Whether there are more applications or tokens than the page names.
    let hasMore: Bool

    /// An application or a personal access token that keeps its access.
    struct Kept: Sendable {
        let name: String
    }

    static let template = "password-changed"
    static let sample = PasswordChangedPage(
        applications: [Kept(name: "Shop")], tokens: [Kept(name: "Backup")], hasTokens: true, hasAccess: true,
        hasMore: true)
}
