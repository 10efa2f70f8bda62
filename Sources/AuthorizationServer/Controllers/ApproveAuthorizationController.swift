import Cryptography
import HTTP
import OAuth
import Storage

/// The user's approval of an authorization request.
enum ApproveAuthorizationController {
    /// `POST /oauth/authorize`: sends a code to the client (RFC 6749 §4.1.2).
    ///
    /// The code is derived from the `auth_token`. A double click therefore gets the same code and
    /// cannot create a second code.
    static func approve(_ call: Call) throws -> Response {
        let user = try call.user()
        return try Decision.take(
            .approve, call,
            first: { pending, authToken in
                let client = try hold(pending.request, call)
                return try Approval.issue(
                    pending.request, of: client, code: code(of: authToken, call), user: user, call)
            },
            again: { pending, authToken in
                guard pending.request.responseType == .code, let code = try storedCode(of: authToken, call) else {
                    throw HTTPError.forbidden
                }
                return AuthorizationResponse.redirect(["code": code], pending.request.target, call)
            })
    }

    /// Returns the client if it may still do everything that the consent page asked for.
    ///
    /// The client, the redirect URI or the scopes may have been withdrawn while the page was open.
    private static func hold(_ request: AuthorizationRequest, _ call: Call) throws -> Client {
        guard let client = try call.clients.hold(Client.ID(request.clientID)),
            client.mayUse(request.responseType.grant),
            client.redirectURIs.contains(where: { $0.matches(request.target.redirectURI.text) }),
            request.scopes.allSatisfy(call.settings.scopes.contains)
        else { throw HTTPError.forbidden }
        return client
    }

    private static func code(of authToken: String, _ call: Call) -> String {
        Base64URL.encode(call.application.applicationKey.authenticate(authToken, for: .authorizationCode))
    }

    /// Returns the code that answered the first click.
    ///
    /// That code may have been derived with a previous key.
    private static func storedCode(of authToken: String, _ call: Call) throws -> String? {
        let repository = AuthorizationCodeRepository(call.database)
        let codes = call.application.applicationKey.everyAuthentication(of: authToken, for: .authorizationCode).map(
            Base64URL.encode)
        return try codes.first { try repository.find(AuthorizationCode.ID(Digest.hexadecimal($0))) != nil }
    }
}
