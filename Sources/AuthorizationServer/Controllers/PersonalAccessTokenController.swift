import HTTP
import HTTPTypes

/// The tokens that users make for themselves.
enum PersonalAccessTokenController {
    /// `GET /oauth/personal-access-tokens`: lists them, without the tokens themselves.
    static func forUser(_ call: Call) throws -> Response {
        .json(.array(try AccessTokenRepository(call.database).personalForUser(call.user(), now: call.now).map(\.json)))
    }

    /// `POST /oauth/personal-access-tokens`: makes one, and shows it this once.
    static func store(_ call: Call) throws -> Response {
        var validation = Validation(try call.body)
        let name = validation.text("name", maximum: 191)
        let scopes = validation.scopes("scopes", of: call.settings.scopes)
        try validation.finish()
        guard let client = try call.clients.find(internal: .personal) else { throw MissingInternalClient() }
        let issuer = TokenIssuer(call)
        let token = try issuer.storeAccessToken(
            user: call.user().id, client: client.id, scopes: scopes, grant: .personalAccess, name: name, lifetime: call.settings.personalTokenLifetime
        )
        return .json(["accessToken": .string(try issuer.sign(token)), "token": token.json], fields: [.cacheControl: "no-store"])
    }

    /// `DELETE /oauth/personal-access-tokens/{token_id}`: revokes one.
    static func destroy(_ call: Call) throws -> Response {
        let tokens = AccessTokenRepository(call.database)
        guard let (token, isPersonal) = try tokens.findForUser(AccessToken.ID(call.path["token_id"] ?? ""), call.user()), isPersonal else {
            throw HTTPError.notFound
        }
        try tokens.revoke(token.id, now: call.now)
        return .noContent
    }
}

/// The clients that `migrate` makes for ourselves are gone.
struct MissingInternalClient: Error, CustomStringConvertible {
    var description: String { "a client that Consulate made for itself was deleted or revoked; `consulate doctor` says how to mend it" }
}
