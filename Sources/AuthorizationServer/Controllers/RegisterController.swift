import HTTP
import HTTPTypes
import OAuth
import Pages
import Storage

/// The registration with a browser.
enum RegisterController {
    /// `GET /register`: shows the registration page.
    static func show(_ call: Call) throws -> Response {
        guard call.prefersPage else { return Page.csrfToken(call) }
        return try page(call, ReturnAddress(call.query), name: "", email: "", [])
    }

    /// `POST /register`: creates the account, signs the user in, and redirects to the page that the
    /// user wanted to reach.
    static func store(_ call: Call) throws -> Response {
        let body = try call.body
        let returnTo = ReturnAddress(body)
        do {
            let request = try returnTo?.sealedRequest(call)
            let user = try Registration.register(call, body)
            let cookie = try call.change(.signedIn, user: user.id) { change in
                try KnownNetworkRepository(call.database).store(call.request.network, of: user.id, now: call.now)
                return try SessionCookie.signIn(user, replacing: nil, for: request, call, in: change)
            }
            return try LoginController.enter(user, cookie, call, returnTo, status: .created)
        } catch let error as HTTPError where error.status == .unprocessableContent && call.prefersPage {
            return try page(
                call, returnTo, name: body["name"]?.text ?? "", email: body["email"]?.text ?? "", error.errors)
        }
    }

    private static func page(
        _ call: Call, _ returnTo: ReturnAddress?, name: String, email: String, _ failures: Failures
    ) throws -> Response {
        let (texts, problems) = (call.application.views.texts(call.language), failures.problems)
        return Page.render(
            RegisterPage(
                name: Field("name", name, problems, texts), email: Field("email", email, problems, texts),
                password: Field("password", problems, texts), label: "passwordLabel.choose",
                returnTo: returnTo?.sealed ?? "",
                signInAddress: returnTo?.address(of: "/login") ?? "/login",
                leadsToClient: returnTo?.authorizationRequest != nil),
            call, failures: failures)
    }
}
