import HTTP
import HTTPTypes
import OAuth
import Pages
import Storage

/// The sign-in with a browser.
enum LoginController {
    /// `GET /login`: shows the sign-in page to a user who must sign in.
    ///
    /// Redirects any other user to the page that the user wanted to reach.
    static func show(_ call: Call) throws -> Response {
        guard call.prefersPage else { return Page.csrfToken(call) }
        let returnTo = try ReturnAddress(call.query)
        if let session = try call.session(), returnTo?.isPromptForLogin != true,
            try !ReturnAddress.demandsSignIn(returnTo, of: session, call)
        {
            return .redirect(to: returnTo?.text ?? "/account")
        }
        let hint = returnTo?.authorizationRequest?["login_hint"]?.text
        return try page(
            call, returnTo, email: hint.flatMap { $0.contains("@") ? $0.truncated(to: 255) : nil } ?? "", [])
    }

    /// `POST /login`: signs the user in with a new session, and redirects to the page that the user
    /// wanted to reach.
    static func login(_ call: Call) throws -> Response {
        let body = try call.body
        let returnTo = ReturnAddress(body)
        var validation = Validation(body)
        let email = validation.text(.signInEmail)
        let password = validation.password(.password)
        if call.prefersPage, !validation.errors.isEmpty {
            return try page(call, returnTo, email: email, validation.errors)
        }
        try validation.finish()
        let (previous, request) = (try call.session(), try returnTo?.sealedRequest(call))
        do {
            guard let user = try SignIn.authenticate(call, email: email, password: password),
                let cookie = try SignIn.begin(
                    user, call,
                    { try SessionCookie.signIn(user, replacing: previous, for: request, call, in: $0) },
                    undo: { try SessionRepository(call.database).delete($0.sessionID) })
            else {
                guard call.prefersPage else { throw HTTPError.unauthorized }
                return try page(call, returnTo, email: email, [("password", [.wrong])])
            }
            return try enter(user, cookie, call, returnTo)
        } catch is SecondFactorRequired where call.prefersPage {
            return try page(call, returnTo, email: email, [("password", [.secondFactor])])
        }
    }

    /// Continues with the new session of a user who has just authenticated.
    static func enter(
        _ user: User, _ cookie: SessionCookie, _ call: Call, _ returnTo: ReturnAddress?,
        status: HTTPResponse.Status = .noContent
    ) throws -> Response {
        if let old = call.cookie, !old.isGuest { try SessionRepository(call.database).delete(old.sessionID) }
        var response =
            call.prefersPage
            ? Response.redirect(to: returnTo?.text ?? "/account", status: .seeOther) : Response(status: status)
        cookie.set(on: &response, call.application)
        KnownBrowser(call).add(user, to: &response, call.application)
        return response
    }

    private static func page(_ call: Call, _ returnTo: ReturnAddress?, email: String, _ failures: Failures) throws
        -> Response
    {
        let client = try returnTo?.client(call)
        let (texts, problems) = (call.application.views.texts(call.language), failures.problems)
        return Page.render(
            SignInPage(
                email: Field("email", email, problems, texts), password: Field("password", problems, texts),
                returnTo: returnTo?.sealed ?? "", client: client?.name,
                registerAddress: call.settings.allowsRegistration
                    ? returnTo?.address(of: "/register") ?? "/register" : nil,
                leadsToClient: returnTo?.authorizationRequest != nil),
            call, failures: failures)
    }
}
