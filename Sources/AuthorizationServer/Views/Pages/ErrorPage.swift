/// Says what did not work, and where to go from here.
struct ErrorPage: View {
    let status: Int
    /// The key of the heading.
    let title: String
    /// The key of the explanation.
    let text: String
    /// How long to wait, where that is known.
    let seconds: String
    /// What the application's developer should know.
    let detail: String?
    let retryAddress: String?

    static let template = "error"
    static let sample = ErrorPage(
        status: 404, title: "problemTitle.404", text: "problemText.404", seconds: "5",
        detail: "There is no such client.", retryAddress: "/account")
}
