import HTTP
import HTTPTypes
import OAuth
import Pages
import Storage

/// The tokens that users create for themselves.
enum PersonalAccessTokenController {
    /// The maximum number of live personal access tokens of a user.
    private static let most = 100

    /// `GET /oauth/personal-access-tokens`: lists the tokens, each with its client.
    ///
    /// The list does not contain the signed tokens themselves.
    static func forUser(_ call: Call) throws -> Response {
        let portion = try Portion(of: Portion.ofDocument, call)
        let tokens = try AccessTokenRepository(call.database).personalForUser(
            call.user(), limit: portion.limit, offset: portion.offset, now: call.now)
        // All tokens have the same client. On adopted tables, older tokens may have another client.
        let clients = try Set(tokens.map(\.clientID)).compactMap(call.clients.find)
        let written = Dictionary(clients.map { ($0.id, JSON.written($0.json.bytes)) }) { first, _ in first }
        return portion.response(tokens, call) { $0.json(withClient: written[$0.clientID]) }
    }

    /// `GET /account/tokens/create`: shows the form of a new token.
    static func create(_ call: Call) throws -> Response {
        guard call.prefersPage else { return Page.csrfToken(call) }
        return page(call, name: "", scopes: [], lifetime: min(30 * 86_400, call.settings.personalTokenLifetime), [])
    }

    /// `POST /oauth/personal-access-tokens`: creates a token and shows it only this once.
    static func store(_ call: Call) throws -> Response {
        let body = try call.body
        var validation = Validation(body)
        let name = validation.name(.tokenName)
        let scopes = validation.scopes(.personalScopes, of: call.settings.scopes)
        let lifetime = validation.seconds(.lifetime, in: Input.lifetimes(call.settings))
        if call.prefersPage, !validation.errors.isEmpty {
            return page(call, name: name, scopes: scopes, lifetime: lifetime, validation.errors)
        }
        try validation.finish()
        guard let client = try call.clients.find(internal: .personal) else { throw MissingInternalClient() }
        let issuer = TokenIssuer(call)
        let user = try call.user()
        let token = issuer.makeAccessToken(
            user: user.id, client: client.id, scopes: scopes, grant: .personalAccess, name: name, lifetime: lifetime)
        let isStored = try call.transaction {
            try call.holdCredential()
            try call.users.lockAlone(user.id)
            guard try AccessTokenRepository(call.database).countPersonal(of: user, now: call.now) < most else {
                return false
            }
            try issuer.store(token)
            return true
        }
        guard isStored else {
            guard call.prefersPage else { throw HTTPError.unprocessable([("name", [.full(most)])]) }
            return page(call, name: name, scopes: scopes, lifetime: lifetime, [("name", [.full(most)])])
        }
        let accessToken = try issuer.sign(token)
        guard call.prefersPage else {
            return .json(
                ["accessToken": .string(accessToken), "token": token.json], fields: [.cacheControl: "no-store"])
        }
        return Page.render(
            PersonalTokenPage(name: name, accessToken: accessToken, expires: Moment(token.expiresAt)), call)
    }

    /// `DELETE /oauth/personal-access-tokens/{token_id}`: revokes a token.
    static func destroy(_ call: Call) throws -> Response {
        let tokens = AccessTokenRepository(call.database)
        guard
            let (token, isPersonal) = try tokens.findForUser(AccessToken.ID(call.path["token_id"] ?? ""), call.user()),
            isPersonal
        else {
            throw HTTPError.notFound
        }
        try call.change(.tokenRevoked, user: token.userID, client: token.clientID, token: token.id) { change in
            try tokens.revoke(token.id, in: change)
        }
        return Page.done(.token, call)
    }

    /// `DELETE /account/tokens`: revokes all personal access tokens of a user.
    static func destroyAll(_ call: Call) throws -> Response {
        let user = try call.user()
        try call.change(.tokenRevoked, user: user.id, detail: "all personal tokens") { change in
            try call.holdCredential()
            try call.users.lockAlone(user.id)
            try AccessTokenRepository(call.database).revokePersonal(of: user, in: change)
        }
        return Page.done(.tokens, call)
    }

    private static func page(_ call: Call, name: String, scopes: [String], lifetime: Int, _ failures: Failures)
        -> Response
    {
        let (texts, problems) = (call.application.views.texts(call.language), failures.problems)
        let longest = call.settings.personalTokenLifetime
        let lifetimes = [7, 30, 60, 90, 365].map { $0 * 86_400 }.filter { $0 < longest } + [longest]
        let all = call.settings.scopes.all
        return Page.render(
            NewPersonalTokenPage(
                name: Field("name", name, problems, texts), lifetime: Field("expires_in", problems, texts),
                lifetimes: lifetimes.map { .init(seconds: $0, isChosen: $0 == lifetime) },
                scope: Field("scopes", problems, texts),
                scopes: all.map { .init(id: $0.id, description: $0.description, isChosen: scopes.contains($0.id)) },
                hasScopes: !all.isEmpty),
            call, failures: failures)
    }
}

/// The error that an internal client is missing.
///
/// The command `migrate` creates these clients for ourselves.
struct MissingInternalClient: Error, CustomStringConvertible {
    var description: String {
        "a client that Consulate made for itself was deleted or revoked; `consulate doctor` says how to mend it"
    }
}
