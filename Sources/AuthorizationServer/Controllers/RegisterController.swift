import HTTP
import HTTPTypes

/// Making an account with a browser.
enum RegisterController {
    /// `GET /register`: the registration page.
    static func show(_ call: Call) throws -> Response {
        guard call.settings.allowsRegistration else { throw HTTPError.notFound }
        guard call.request.acceptsHTML else { return Page.csrfToken(call) }
        return try page(call, ReturnAddress(call.query), name: "", email: "", [])
    }

    /// `POST /register`: makes the account, signs in, and goes where the user was going.
    static func store(_ call: Call) throws -> Response {
        guard call.settings.allowsRegistration else { throw HTTPError.notFound }
        try CrossSiteRequest.check(call)
        let body = try call.body
        let returnTo = ReturnAddress(body)
        do {
            let user = try Registration.register(call, body, refusesCommonPasswords: true)
            try call.record(.signedIn, user: user.id)
            return try LoginController.enter(SessionCookie.signIn(user, for: returnTo, call), call, returnTo, status: .created)
        } catch let error as HTTPError where error.status == .unprocessableContent && call.request.acceptsHTML {
            return try page(call, returnTo, name: body["name"]?.text ?? "", email: body["email"]?.text ?? "", error.errors)
        }
    }

    private static func page(_ call: Call, _ returnTo: ReturnAddress?, name: String, email: String, _ failures: Failures) throws -> Response {
        let texts = call.application.views.texts(call.language)
        return Page.render(
            RegisterPage(
                name: Field("name", name, failures, texts), email: Field("email", email, failures, texts),
                password: Field("password", failures, texts), label: "passwordLabel.choose", returnTo: returnTo?.text ?? "",
                signInAddress: returnTo?.address(of: "/login") ?? "/login"),
            call, failures: failures, formTarget: try returnTo?.target(call)?.redirectURI)
    }
}
