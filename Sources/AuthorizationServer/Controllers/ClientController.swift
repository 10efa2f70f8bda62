import HTTP
import HTTPTypes

/// A user's own clients.
enum ClientController {
    private static let longestName = 191

    /// `GET /oauth/clients`: lists them by name, without secrets.
    static func forUser(_ call: Call) throws -> Response {
        .json(.array(try call.clients.activeForUser(call.user()).map(\.json)))
    }

    /// `POST /oauth/clients`: makes one, and shows its secret this once.
    static func store(_ call: Call) throws -> Response {
        var validation = Validation(try call.body)
        let name = validation.text("name", maximum: longestName)
        let redirect = validation.redirect("redirect")
        let isConfidential = validation.flag("confidential", default: true)
        try validation.finish()
        let secret = isConfidential ? ClientSecret.generate() : nil
        let client = try call.clients.create(
            userID: call.user().id, name: name, secret: secret?.stored, redirect: redirect, grants: [.authorizationCode, .refreshToken], now: call.now
        )
        return .json(client.json(withSecret: secret?.plain), status: .created, fields: [.cacheControl: "no-store"])
    }

    /// `PUT /oauth/clients/{client_id}`: changes name and redirect URIs.
    static func update(_ call: Call) throws -> Response {
        let client = try find(call)
        var validation = Validation(try call.body)
        let name = validation.text("name", maximum: longestName)
        let redirect = validation.redirect("redirect")
        try validation.finish()
        try call.clients.update(client.id, name: name, redirect: redirect, now: call.now)
        return .json(try find(call).json)
    }

    /// `DELETE /oauth/clients/{client_id}`: revokes it, with everything issued to it.
    static func destroy(_ call: Call) throws -> Response {
        try call.clients.revoke(find(call).id, now: call.now)
        return .noContent
    }

    private static func find(_ call: Call) throws -> Client {
        guard let client = try call.clients.findForUser(Client.ID(call.path["client_id"] ?? ""), call.user()) else { throw HTTPError.notFound }
        return client
    }
}
