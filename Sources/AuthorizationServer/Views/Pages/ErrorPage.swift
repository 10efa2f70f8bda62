/// The page that says which error occurred and where to continue.
struct ErrorPage: View {
    let status: Int
    /// The key of the heading.
    let title: String
    /// The key of the explanation.
    let text: String
    /// The number of seconds to wait, if known.
    let seconds: String
    /// The detail for the developer of the application.
    let detail: String?
    let retryAddress: String?

    static let template = "error"
    static let sample = ErrorPage(
        status: 404, title: "problemTitle.404", text: "problemText.404", seconds: "5",
        detail: "There is no such client.", retryAddress: "/account")
}
