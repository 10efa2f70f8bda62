import Cryptography
import HTTP
import HTTPTypes
import MariaDB
import OAuth
import Pages
import Storage

/// The clients that a user owns.
enum ClientController {
    /// The maximum number of clients of a user.
    private static let most = 100

    /// `GET /oauth/clients`: lists the user's clients by name, without secrets.
    static func forUser(_ call: Call) throws -> Response {
        let portion = try Portion(of: Portion.ofDocument, call)
        return portion.response(
            try call.clients.activeForUser(call.user(), limit: portion.limit, offset: portion.offset), call,
            json: \.json)
    }

    /// `GET /account/clients/create`: shows the form of a new client.
    static func create(_ call: Call) throws -> Response {
        guard call.prefersPage else { return Page.csrfToken(call) }
        return try page(nil, name: "", redirect: "", isConfidential: true, call, [])
    }

    /// `POST /oauth/clients`: creates a client and shows its secret only this once.
    static func store(_ call: Call) throws -> Response {
        let body = try call.body
        var validation = Validation(body)
        let name = validation.name(.clientName)
        let redirect = validation.redirect(.redirect, allowing: call.settings.redirectSchemes)
        let isConfidential = validation.flag(.confidential, default: true)
        if call.prefersPage, !validation.errors.isEmpty {
            return try page(
                nil, name: name, redirect: body["redirect"]?.text ?? "", isConfidential: isConfidential, call,
                validation.errors)
        }
        try validation.finish()
        let secret = isConfidential ? try newSecret(call) : nil
        let user = try call.user()
        let created = try call.change(.clientCreated, user: user.id) { change -> Client? in
            try call.holdCredential()
            try call.users.lockAlone(user.id)
            guard try call.clients.count(of: user) < most else {
                change.event = nil
                return nil
            }
            return try call.clients.create(
                ClientMetadata(
                    clientName: name, redirectURIs: redirect, grants: [.authorizationCode, .refreshToken]),
                of: user.id, secret: secret?.stored, in: change)
        }
        guard let client = created else {
            guard call.prefersPage else { throw HTTPError.unprocessable([("name", [.full(most)])]) }
            return try page(
                nil, name: name, redirect: redirect, isConfidential: isConfidential, call, [("name", [.full(most)])])
        }
        guard call.prefersPage else {
            return .json(client.json(withSecret: secret?.plain), status: .created, fields: [.cacheControl: "no-store"])
        }
        return Page.render(
            ClientSecretPage(
                heading: "clientSecret.created", name: client.name, id: client.id.rawValue, secret: secret?.plain),
            call,
            status: .created)
    }

    /// Returns a new secret.
    ///
    /// A secret that is stored with a slow hash waits for its turn, as a password does.
    static func newSecret(_ call: Call) throws -> (plain: String, stored: ClientSecret) {
        guard call.settings.clientSecrets == .bcrypt else { return ClientSecret.generate(call.settings) }
        return try call.application.hashing.bounded { ClientSecret.generate(call.settings) }
    }

    /// `GET /account/clients/{client_id}/edit`: shows the form of an existing client.
    static func edit(_ call: Call) throws -> Response {
        let client = try find(call)
        guard call.prefersPage else { return Page.csrfToken(call) }
        return try page(
            client, name: client.name, redirect: client.redirect, isConfidential: client.isConfidential, call, [])
    }

    /// `PUT /oauth/clients/{client_id}`: changes the name and the redirect URIs of a client.
    static func update(_ call: Call) throws -> Response {
        let client = try find(call)
        let body = try call.body
        var validation = Validation(body)
        let name = validation.name(.clientName, keeping: client.name)
        let redirect = validation.redirect(
            .redirect, allowing: call.settings.redirectSchemes, keeping: client.redirectURIs)
        if call.prefersPage, !validation.errors.isEmpty {
            return try page(
                client, name: name, redirect: body["redirect"]?.text ?? "", isConfidential: client.isConfidential, call,
                validation.errors)
        }
        try validation.finish()
        var metadata = client.metadata
        (metadata.clientName, metadata.redirectURIs) = (name, redirect)
        try call.change(.clientUpdated, user: client.userID, client: client.id, detail: redirect) { change in
            try call.holdCredential()
            guard try call.clients.update(client.id, to: metadata, by: .user, in: change) else {
                throw HTTPError.notFound
            }
        }
        return call.prefersPage ? Page.done(.client, call) : .json(try find(call).json)
    }

    /// `DELETE /oauth/clients/{client_id}`: revokes a client and everything that was issued to it.
    ///
    /// A second request does nothing.
    static func destroy(_ call: Call) throws -> Response {
        let user = try call.user()
        guard let client = try call.clients.find(Client.ID(call.path["client_id"] ?? "")), client.userID == user.id
        else { throw HTTPError.notFound }
        guard !client.isRevoked else { return Page.done(.deleted, call) }
        try call.change(.clientRevoked, user: client.userID, client: client.id) { change in
            try call.clients.revoke(client.id, in: change)
        }
        return Page.done(.deleted, call)
    }

    /// Returns the client that the path names, if the user owns it.
    static func find(_ call: Call) throws -> Client {
        guard let client = try call.clients.findForUser(Client.ID(call.path["client_id"] ?? ""), call.user()) else {
            throw HTTPError.notFound
        }
        return client
    }

    private static func page(
        _ client: Client?, name: String, redirect: String, isConfidential: Bool, _ call: Call, _ failures: Failures
    ) throws -> Response {
        let (texts, problems) = (call.application.views.texts(call.language), failures.problems)
        let lines = redirect.replacing(",", with: "\n")
        return Page.render(
            ClientPage(
                heading: client == nil ? "clientPage.create" : "clientPage.edit",
                submit: client == nil ? "clientSubmit.create" : "clientSubmit.edit",
                action: client.map { "/oauth/clients/\($0.id.rawValue)" } ?? "/oauth/clients", id: client?.id.rawValue,
                name: Field("name", name, problems, texts), redirect: Field("redirect", lines, problems, texts),
                confidential: Field("confidential", problems, texts), isConfidential: isConfidential),
            call, failures: failures)
    }
}
