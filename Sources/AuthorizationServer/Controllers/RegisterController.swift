import HTTP
import HTTPTypes

/// Making an account with a browser.
enum RegisterController {
    /// `GET /register`: the registration page.
    static func show(_ call: Call) throws -> Response {
        guard call.settings.allowsRegistration else { throw HTTPError.notFound }
        return try page(call, ReturnAddress(call.query), name: "", email: "", errors: [])
    }

    /// `POST /register`: makes the account, signs in, and goes where the user was going.
    static func store(_ call: Call) throws -> Response {
        guard call.settings.allowsRegistration else { throw HTTPError.notFound }
        try CrossSiteRequest.check(call)
        let body = try call.body
        let returnTo = ReturnAddress(body)
        do {
            return try LoginController.enter(Registration.register(call, body), call, returnTo, status: .created)
        } catch let error as HTTPError where error.status == .unprocessableContent && call.request.acceptsHTML {
            return try page(
                call, returnTo, name: body["name"]?.text ?? "", email: body["email"]?.text ?? "", errors: error.errors.flatMap(\.messages))
        }
    }

    private static func page(_ call: Call, _ returnTo: ReturnAddress?, name: String, email: String, errors: [String]) throws -> Response {
        Page.render(
            .register,
            [
                "name": name, "email": email, "hasErrors": !errors.isEmpty, "errors": errors.map { ["message": $0] },
                "returnTo": returnTo?.text ?? "",
            ], call, status: errors.isEmpty ? .ok : .unprocessableContent, formTarget: try returnTo?.redirectURI(call))
    }
}
