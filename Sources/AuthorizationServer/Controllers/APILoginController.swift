import HTTP
import MariaDB
import OAuth
import Storage

/// The sign-in of consumers without a browser.
enum APILoginController {
    /// `POST /api/login`: exchanges an email and a password for first-party tokens.
    static func login(_ call: Call) throws -> Response {
        var validation = Validation(try call.body)
        let email = validation.text(.signInEmail)
        let password = validation.password(.password)
        try validation.finish()
        guard let client = try call.clients.find(internal: .signIn) else { throw MissingInternalClient() }
        let issuer = TokenIssuer(call)
        guard let user = try SignIn.authenticate(call, email: email, password: password),
            let issued = try SignIn.begin(
                user, call,
                { _ in
                    try issuer.foundFamily(
                        id: TokenIssuer.newFamilyID(), user: user.id, client: client, scopes: ["*"], grant: .signIn)
                },
                undo: issuer.revoke)
        else { throw HTTPError.bearer(nil) }
        return try issuer.response(issued).response
    }
}
