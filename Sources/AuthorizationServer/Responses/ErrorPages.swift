import HTTP
import HTTPTypes
import OAuth
import Pages

extension Page {
    /// Renders an error as a page: the problem, and the places to continue.
    static func error(_ error: HTTPError, cause: any Error, _ call: Call) -> Response {
        let cause = cause as? OAuthError
        let known = [401, 403, 404, 405, 413, 419, 429, 500, 503]
        let name =
            error.explanation
            ?? (cause?.status == .badRequest
                ? "client" : known.contains(error.status.code) ? "\(error.status.code)" : "other")
        let page = ErrorPage(
            status: error.status.code, title: "problemTitle.\(name)", text: "problemText.\(name)",
            seconds: error.fields[.retryAfter] ?? "",
            detail: cause?.description,
            retryAddress: retryAddress(error, call))
        var response = render(page, call, status: error.status)
        for field in error.fields { response.fields.append(field) }
        return response
    }

    /// Returns the address to try again: the page itself, or the page with the form that was sent.
    private static func retryAddress(_ error: HTTPError, _ call: Call) -> String? {
        let isSafe = call.request.method.isSafe
        let mayHelp = [403, 419].contains(error.status.code) ? !isSafe : [429, 500, 503].contains(error.status.code)
        return mayHelp ? ReturnAddress.page(of: call) : nil
    }
}
