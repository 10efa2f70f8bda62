import HTTP
import HTTPTypes

/// An HTML page that nobody may frame, keep, or put scripts into.
enum Page {
    /// Renders a page in the caller's language, with 422 where its form failed.
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
            user: user.map { Layout.Account(name: $0.name) }, notice: notice?.key, failures: failures)
        var response = document(
            Array(views.render(page, in: layout).utf8), language: texts.language, leadsToClient: page.leadsToClient)
        response.status = status ?? (failures.isEmpty ? .ok : .unprocessableContent)
        cookie?.set(on: &response, call.application)
        if notice != nil { Notice.clear(on: &response, call.settings) }
        return response
    }

    /// The cookie of the request, or a new guest's; none for a form that brought none: another site's would put it in the place of the session's.
    private static func cookie(_ call: Call) -> SessionCookie? {
        call.cookie ?? (call.request.method.isSafe ? .guest() : nil)
    }

    /// A page that is the same for everybody, and may be kept for five minutes.
    static func fixed(_ bytes: [UInt8], language: String) -> Response {
        var response = document(bytes, language: language, leadsToClient: false)
        response.fields[.cacheControl] = "public, max-age=300"
        return response
    }

    /// A page whose form may lead to a client has no `form-action`: Chromium holds that against the
    /// whole chain of redirects that follows, and the client's own redirects are its business.
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

    /// What a page that is a form gives to callers who want no page: the token that sending it takes.
    static func csrfToken(_ call: Call) -> Response {
        let cookie = call.cookie ?? .guest()
        var response = Response.json(
            ["csrf_token": .string(cookie.csrfToken(call.application))], fields: [.cacheControl: "no-store"])
        cookie.set(on: &response, call.application)
        return response
    }

    /// Where a form leads that has done its work: to the account, with a word about it at the top; callers who want no page get 204.
    static func done(_ notice: Notice, _ call: Call) -> Response {
        guard call.prefersPage else { return .noContent }
        var response = Response.redirect(to: "/account", status: .seeOther)
        notice.set(on: &response, call.settings)
        return response
    }
}
