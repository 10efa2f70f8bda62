import Cryptography
import HTTP
import MariaDB
import OAuth
import Storage

/// The effects of a user's approval of an authorization request, with or without a consent page.
enum Approval {
    /// Stores a code, or a token of the implicit grant, and sends it to the client.
    ///
    /// Must run within a transaction.
    static func issue(_ request: AuthorizationRequest, of client: Client, code: String, user: User, _ call: Call)
        throws -> Response
    {
        return try call.change(
            .approved, user: user.id, client: client.id, detail: request.scopes.joined(separator: " ")
        ) { change in
            switch request.responseType {
            case .code:
                try AuthorizationCodeRepository(call.database).store(
                    AuthorizationCode(
                        id: AuthorizationCode.ID(Digest.hexadecimal(code)), userID: user.id, clientID: client.id,
                        scopes: request.scopes, isUsed: false, expiresAt: call.now + call.settings.codeLifetime,
                        redirectURI: request.target.wasGiven ? request.target.redirectURI.text : nil,
                        codeChallenge: request.codeChallenge, authorization: request.authorization,
                        familyID: TokenIssuer.newFamilyID(),
                        place: client.isFirstParty ? call.place : nil), in: change)
                return AuthorizationResponse.redirect(["code": code], request.target, call)
            case .token:
                return try issueToken(request, of: client, user: user, call)
            }
        }
    }

    /// Issues a token of the implicit grant.
    private static func issueToken(_ request: AuthorizationRequest, of client: Client, user: User, _ call: Call) throws
        -> Response
    {
        let issuer = TokenIssuer(call)
        let token = issuer.makeAccessToken(
            user: user.id, client: client.id, scopes: request.scopes, grant: .implicit,
            authorization: request.authorization)
        try issuer.store(token)
        return AuthorizationResponse.redirect(
            [
                "access_token": try issuer.sign(token), "token_type": "Bearer",
                "expires_in": "\(call.settings.accessTokenLifetime)", "scope": token.scopes.joined(separator: " "),
            ], request.target, call)
    }
}
