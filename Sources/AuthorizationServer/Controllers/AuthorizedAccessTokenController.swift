import HTTP
import Storage

/// The tokens that other people's applications hold for a user.
enum AuthorizedAccessTokenController {
    /// `GET /oauth/tokens`: lists the tokens, each with its client.
    static func forUser(_ call: Call) throws -> Response {
        let portion = try Portion(of: Portion.ofDocument, call)
        let (tokens, clients) = try AccessTokenRepository(call.database).activeForUser(
            call.user(), limit: portion.limit, offset: portion.offset, now: call.now)
        // A client may have many tokens, so its JSON is written only once.
        let written = clients.mapValues { JSON.written($0.json.bytes) }
        return portion.response(tokens, call) { $0.json(withClient: written[$0.clientID]) }
    }

    /// `DELETE /oauth/tokens/{token_id}`: revokes a token together with its refresh token.
    static func destroy(_ call: Call) throws -> Response {
        let tokens = AccessTokenRepository(call.database)
        guard
            let (token, isPersonal) = try tokens.findForUser(AccessToken.ID(call.path["token_id"] ?? ""), call.user()),
            !isPersonal
        else {
            throw HTTPError.notFound
        }
        try call.change(.tokenRevoked, user: token.userID, client: token.clientID, token: token.id) { change in
            try tokens.revoke(token.id, in: change)
        }
        return Page.done(.application, call)
    }
}
