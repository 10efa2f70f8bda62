import HTTP
import Pages
import Storage

/// The confirmation pages before every action that cannot be undone.
///
/// A single click must not lose anything.
enum ConfirmationController {
    /// `GET /account/applications/{client_id}`: asks whether to revoke everything that the user
    /// gave to an application.
    static func application(_ call: Call) throws -> Response {
        guard let client = try call.clients.find(Client.ID(call.path["client_id"] ?? "")), client.internal == nil else {
            throw HTTPError.notFound
        }
        return page("application", about: client.name, action: "/account/applications/\(client.id.rawValue)", call)
    }

    /// `GET /account/tokens/{token_id}`: asks whether to revoke a personal access token.
    static func token(_ call: Call) throws -> Response {
        let id = AccessToken.ID(call.path["token_id"] ?? "")
        guard let (token, isPersonal) = try AccessTokenRepository(call.database).findForUser(id, call.user()),
            isPersonal
        else {
            throw HTTPError.notFound
        }
        return page(
            "token", about: token.name ?? "", action: "/oauth/personal-access-tokens/\(token.id.rawValue)", call)
    }

    /// `GET /account/tokens`: asks whether to revoke all personal access tokens.
    static func tokens(_ call: Call) throws -> Response {
        page("tokens", about: "", action: "/account/tokens", call)
    }

    /// `GET /account/clients/{client_id}/delete`: asks whether to delete a client.
    static func client(_ call: Call) throws -> Response {
        let client = try ClientController.find(call)
        return page("client", about: client.name, action: "/oauth/clients/\(client.id.rawValue)", call)
    }

    /// `GET /account/clients/{client_id}/secret`: asks whether to replace a client's secret.
    static func secret(_ call: Call) throws -> Response {
        let client = try ClientController.find(call)
        guard client.isConfidential else { throw HTTPError.notFound }
        return page(
            "secret", about: client.name, action: "/oauth/clients/\(client.id.rawValue)/secret", isDeletion: false, call
        )
    }

    /// `GET /account/sessions/{session_id}`: asks whether to end a session.
    static func session(_ call: Call) throws -> Response {
        let id = call.path["session_id"] ?? ""
        guard try AccountSessionRepository(call.database).contains(id, of: call.user()) else {
            throw HTTPError.notFound
        }
        return page("session", about: "", action: "/account/sessions/\(PercentEncoding.encode(id))", call)
    }

    /// `GET /account/sessions`: asks whether to sign out everywhere else.
    static func sessions(_ call: Call) throws -> Response {
        page("sessions", about: "", action: "/account/sessions", call)
    }

    private static func page(
        _ subject: String, about name: String, action: String, isDeletion: Bool = true, _ call: Call
    ) -> Response {
        guard call.prefersPage else { return Page.csrfToken(call) }
        return Page.render(
            ConfirmPage(
                heading: "confirmHeading.\(subject)", text: "confirmText.\(subject)",
                submit: "confirmSubmit.\(subject)", name: name, action: action,
                isDeletion: isDeletion), call)
    }
}
