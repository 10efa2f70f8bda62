import HTTP
import HTTPTypes

/// An HTML page that nobody may frame, keep, or put scripts into.
enum Page {
    /// Renders a template; `formTarget` is where its form's redirects may end, which `form-action` must allow (in Chromium it binds redirects too).
    static func render(
        _ name: Views.Name, _ values: [String: Any], _ call: Call, status: HTTPResponse.Status = .ok, formTarget: RedirectURI? = nil
    ) -> Response {
        let cookie = SessionCookie(call: call) ?? .guest()
        var values = values
        values["csrfToken"] = cookie.csrfToken(call.application)
        let html = call.application.views.render(name, values)
        let formAction = ["'self'"] + (formTarget.flatMap { $0.contentSecuritySource }.map { [$0] } ?? [])
        var response = Response(
            status: status,
            fields: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy:
                    "default-src 'none'; form-action \(formAction.joined(separator: " ")); frame-ancestors 'none'; base-uri 'none'",
                .frameOptions: "DENY",
                .referrerPolicy: "no-referrer",
                .cacheControl: "no-store",
            ], body: Array(html.utf8))
        cookie.set(on: &response, call.application)
        return response
    }

    /// An error as a page.
    static func error(_ error: HTTPError, _ call: Call) -> Response {
        var response = render(.error, ["status": error.status.code, "message": error.message], call, status: error.status)
        for field in error.fields { response.fields.append(field) }
        return response
    }
}
