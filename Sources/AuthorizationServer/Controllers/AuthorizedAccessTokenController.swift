import HTTP

/// The tokens that other people's applications hold for a user.
enum AuthorizedAccessTokenController {
    /// `GET /oauth/tokens`: lists them, each with its client.
    static func forUser(_ call: Call) throws -> Response {
        let portion = try Portion(of: Portion.ofDocument, call)
        let user = try call.user()
        let tokens = try AccessTokenRepository(call.database).activeForUser(user, limit: portion.limit, offset: portion.offset, now: call.now)
        // A client has many tokens, and is read and written once.
        let clients = try Dictionary(call.clients.holdingTokens(of: user, now: call.now).map { ($0.id, JSON.written($0.json.bytes)) }) { first, _ in
            first
        }
        return try portion.response(tokens, call) { token in
            var document = token.json
            // Its last token may have been revoked between the two statements.
            document.append("client", try clients[token.clientID] ?? call.clients.find(token.clientID)?.json ?? .null)
            return document
        }
    }

    /// `DELETE /oauth/tokens/{token_id}`: revokes one, with its refresh token.
    static func destroy(_ call: Call) throws -> Response {
        let tokens = AccessTokenRepository(call.database)
        guard let (token, isPersonal) = try tokens.findForUser(AccessToken.ID(call.path["token_id"] ?? ""), call.user()), !isPersonal else {
            throw HTTPError.notFound
        }
        try tokens.revoke(token.id, now: call.now)
        try call.record(.tokenRevoked, user: token.userID, client: token.clientID, token: token.id)
        return Page.done(.application, call)
    }
}
