import HTTP
import HTTPTypes

/// An HTML page that nobody may frame, keep, or put scripts into.
enum Page {
    /// Renders a page in the caller's language; `formTarget` is where its form's redirects may end, which `form-action` must allow (in Chromium it binds redirects too).
    static func render(
        _ page: some View, _ call: Call, status: HTTPResponse.Status = .ok, user: User? = nil, formTarget: RedirectURI? = nil
    ) -> Response {
        let cookie = SessionCookie(call: call) ?? .guest()
        let views = call.application.views
        let texts = views.texts(call.language)
        let user = user ?? call.caller?.user
        let notice = Notice(call)
        let layout = Layout(
            language: texts.language, direction: texts.direction, appName: views.appName, icon: views.assets.icon.address,
            stylesheet: views.assets.stylesheet.address, script: views.assets.script.address, logo: views.assets.logo?.address,
            csrfToken: cookie.csrfToken(call.application), user: user.map { Layout.Account(name: $0.name) }, notice: notice?.key)
        let formAction = ["'self'"] + (formTarget.flatMap { $0.contentSecuritySource }.map { [$0] } ?? [])
        var response = Response(
            status: status,
            fields: [
                .contentType: "text/html; charset=utf-8",
                .contentLanguage: texts.language,
                .contentSecurityPolicy: """
                default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action \(formAction.joined(separator: " ")); \
                frame-ancestors 'none'; base-uri 'none'
                """,
                .frameOptions: "DENY",
                .referrerPolicy: "no-referrer",
                .cacheControl: "no-store",
            ], body: Array(views.render(page, in: layout).utf8))
        cookie.set(on: &response, call.application)
        if notice != nil { Notice.clear(on: &response, call.settings) }
        return response
    }

    /// What a page that is a form gives to callers who want no page: the token that sending it takes.
    static func csrfToken(_ call: Call) -> Response {
        let cookie = SessionCookie(call: call) ?? .guest()
        var response = Response.json(["csrf_token": .string(cookie.csrfToken(call.application))], fields: [.cacheControl: "no-store"])
        cookie.set(on: &response, call.application)
        return response
    }

    /// Where a form leads that has done its work, with a word about it.
    static func done(_ notice: Notice, at address: String, _ call: Call) -> Response {
        var response = Response.redirect(to: address, status: .seeOther)
        notice.set(on: &response, call.settings)
        return response
    }
}
