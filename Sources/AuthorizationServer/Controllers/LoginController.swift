import HTTP
import HTTPTypes

/// Signing in and out with a browser.
enum LoginController {
    /// `GET /login`: the sign-in page, or who is signed in.
    static func show(_ call: Call) throws -> Response {
        let returnTo = try ReturnAddress(call.query)
        if returnTo == nil, let session = try call.session() {
            guard call.request.acceptsHTML else { return csrfToken(call) }
            return Page.render(.signedIn, ["user": session.user.name, "email": session.user.email], call)
        }
        guard call.request.acceptsHTML else { return csrfToken(call) }
        return try page(call, returnTo, email: "", error: nil)
    }

    /// `POST /login`: signs in, under a new session, and goes where the user was going.
    static func login(_ call: Call) throws -> Response {
        try CrossSiteRequest.check(call)
        let body = try call.body
        let returnTo = ReturnAddress(body)
        var validation = Validation(body)
        let email = validation.text("email")
        let password = validation.password("password")
        if call.request.acceptsHTML, !validation.errors.isEmpty {
            return try page(call, returnTo, email: email, error: "Enter your email address and your password.", status: .unprocessableContent)
        }
        try validation.finish()
        guard let user = try SignIn.authenticate(call, email: email, password: password) else {
            guard call.request.acceptsHTML else { throw HTTPError.unauthorized }
            return try page(call, returnTo, email: email, error: "Email address and password do not match.", status: .unprocessableContent)
        }
        return try enter(user, call, returnTo)
    }

    /// Starts a session for a user who has just shown who they are.
    static func enter(_ user: User, _ call: Call, _ returnTo: ReturnAddress?, status: HTTPResponse.Status = .noContent) throws -> Response {
        if let old = SessionCookie(call: call), !old.isGuest { try SessionRepository(call.database).delete(old.sessionID) }
        var response = call.request.acceptsHTML ? Response.redirect(to: returnTo?.text ?? "/login", status: .seeOther) : Response(status: status)
        try SessionCookie.signIn(user, call).set(on: &response, call.application)
        return response
    }

    /// `POST /logout`: ends the session, here and in the browser.
    static func logout(_ call: Call) throws -> Response {
        try CrossSiteRequest.check(call)
        if let cookie = SessionCookie(call: call) { try SessionRepository(call.database).delete(cookie.sessionID) }
        var response = call.request.acceptsHTML ? Response.redirect(to: "/login", status: .seeOther) : Response.noContent
        SessionCookie.clear(on: &response, call.settings)
        return response
    }

    /// The bytes of an address that nginx surely takes: `large_client_header_buffers` has room for 16,384 with all that stands around it.
    private static let longestAddress = 16_000

    /// Where a browser that must sign in is sent; an address too long to be carried along is left behind.
    static func address(returningTo request: Request) -> String {
        guard request.method == .get || request.method == .head else { return "/login" }
        let target = request.path + (request.query.isEmpty ? "" : "?" + request.query)
        let address = "/login?" + Form(dictionaryLiteral: ("return_to", target)).encoded
        return address.utf8.count <= longestAddress ? address : "/login"
    }

    /// Where `prompt=login` sends a browser: back to the same request, which need not ask for it again.
    static func addressForSigningInAgain(returningTo request: Request) -> String {
        var again = request
        var form = Form(request.query.utf8) ?? [:]
        form.pairs = form.pairs.compactMap { name, value in
            guard name == "prompt" else { return (name, value) }
            let rest = value.split(separator: " ").filter { $0 != "login" }.joined(separator: " ")
            return rest.isEmpty ? nil : (name, rest)
        }
        again.query = form.encoded
        return address(returningTo: again)
    }

    private static func csrfToken(_ call: Call) -> Response {
        let cookie = SessionCookie(call: call) ?? .guest()
        var response = Response.json(["csrf_token": .string(cookie.csrfToken(call.application))], fields: [.cacheControl: "no-store"])
        cookie.set(on: &response, call.application)
        return response
    }

    private static func page(
        _ call: Call, _ returnTo: ReturnAddress?, email: String, error: String?, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        Page.render(
            .signIn,
            [
                "email": email, "hasError": error != nil, "error": error ?? "", "returnTo": returnTo?.text ?? "",
                "mayRegister": call.settings.allowsRegistration,
                "registerAddress": "/register" + (returnTo.map { "?return_to=\(PercentEncoding.encode($0.text))" } ?? ""),
            ], call, status: status, formTarget: try returnTo?.redirectURI(call))
    }
}
