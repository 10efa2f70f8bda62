import HTTP
import HTTPTypes
import Pages
import Storage

/// An HTML page that forbids frames, caches and foreign scripts.
enum Page {
    /// Renders a page in the caller's language, with 422 if its form failed.
    static func render(
        _ page: some View, _ call: Call, failures: Failures = [], status: HTTPResponse.Status? = nil, user: User? = nil
    ) -> Response {
        let cookie = cookie(call)
        let views = call.application.views
        let texts = views.texts(call.language)
        let user = user ?? call.caller?.user
        let notice = Notice(call)
        let layout = views.layout(
            texts.language, csrfToken: cookie?.csrfToken(call.application) ?? "",
            locales: call.locales?.truncated(to: 100),
            user: user.map { Layout.Account(name: $0.name) }, notice: notice?.key, problems: failures.problems)
        var response = document(
            Array(views.render(page, in: layout).utf8), language: texts.language, leadsToClient: page.leadsToClient)
        response.status = status ?? (failures.isEmpty ? .ok : .unprocessableContent)
        cookie?.set(on: &response, call.application)
        if notice != nil { Notice.clear(on: &response, call.settings) }
        return response
    }

    /// Returns the cookie of the request, a new guest cookie, or `nil` for a form without a cookie.
    ///
    /// A form that another site sends comes without a cookie. A new guest cookie in the response
    /// would then replace the cookie of the session.
    private static func cookie(_ call: Call) -> SessionCookie? {
        call.cookie ?? (call.request.method.isSafe ? .guest() : nil)
    }

    /// Returns a page that is the same for everybody and may be cached for five minutes.
    static func fixed(_ bytes: [UInt8], language: String) -> Response {
        var response = document(bytes, language: language, leadsToClient: false)
        response.fields[.cacheControl] = "public, max-age=300"
        return response
    }

    /// Creates a page.
    ///
    /// A page with a form that may lead to a client has no `form-action`. Chromium applies
    /// `form-action` to the whole chain of redirects that follows. Some of these are the client's
    /// own redirects, which this server must not restrict.
    private static func document(_ bytes: [UInt8], language: String, leadsToClient: Bool) -> Response {
        Response(
            status: .ok,
            fields: [
                .contentType: "text/html; charset=utf-8",
                .contentLanguage: language,
                .contentSecurityPolicy: """
                default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';\(leadsToClient ? "" : " form-action 'self';") \
                frame-ancestors 'none'; base-uri 'none'
                """,
                .frameOptions: "DENY",
                .referrerPolicy: "no-referrer",
                .cacheControl: "no-store",
            ], body: bytes)
    }

    /// Returns the CSRF token of a form to a caller that does not want a page.
    ///
    /// The caller needs the token to send the form.
    static func csrfToken(_ call: Call) -> Response {
        let cookie = call.cookie ?? .guest()
        var response = Response.json(
            ["csrf_token": .string(cookie.csrfToken(call.application))], fields: [.cacheControl: "no-store"])
        cookie.set(on: &response, call.application)
        return response
    }

    /// Returns the response to a successful form: a redirect to the account, with a notice at the
    /// top.
    ///
    /// A caller that does not want a page gets 204.
    static func done(_ notice: Notice, _ call: Call) -> Response {
        guard call.prefersPage else { return .noContent }
        var response = Response.redirect(to: "/account", status: .seeOther)
        notice.set(on: &response, call.settings)
        return response
    }
}
