/// The page that says which error occurred and where to continue.
package struct ErrorPage: View {
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

    /// Creates the page from its values.
    package init(
        status: Int, title: String, text: String, seconds: String, detail: String?, retryAddress: String?
    ) {
        self.status = status
        self.title = title
        self.text = text
        self.seconds = seconds
        self.detail = detail
        self.retryAddress = retryAddress
    }

    package static let template = "error"
    package static let sample = ErrorPage(
        status: 404, title: "problemTitle.404", text: "problemText.404", seconds: "5",
        detail: "There is no such client.", retryAddress: "/account")
}
