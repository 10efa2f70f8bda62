import Cryptography
import HTTP
import HTTPTypes
import MariaDB

/// The response that is sent to the client's redirect URI (RFC 6749 §4.1.2, §4.2.2; RFC 9207).
enum AuthorizationResponse {
    /// Sends a code, or a token in the fragment with the implicit grant.
    ///
    /// This must happen within a transaction.
    static func approve(_ request: AuthorizationRequest, of client: Client, code: String, user: User, _ call: Call)
        throws -> Response
    {
        try call.record(
            .approved, user: user.id, client: request.clientID, detail: request.scopes.joined(separator: " "))
        switch request.responseType {
        case .code:
            let stored = AuthorizationCode(
                id: AuthorizationCode.ID(Digest.hexadecimal(code)), userID: user.id, clientID: request.clientID,
                scopes: request.scopes,
                isUsed: false,
                expiresAt: call.now + call.settings.codeLifetime,
                redirectURI: request.target.wasGiven ? request.target.redirectURI.text : nil,
                codeChallenge: request.codeChallenge, familyID: TokenIssuer.newFamilyID(),
                place: client.isFirstParty ? Place(call) : nil)
            try AuthorizationCodeRepository(call.database).store(stored)
            return redirect(["code": code], request.target, call)
        case .token:
            let issuer = TokenIssuer(call)
            let token = issuer.makeAccessToken(
                user: user.id, client: request.clientID, scopes: request.scopes, grant: .implicit)
            try issuer.store(token)
            return redirect(
                [
                    "access_token": try issuer.sign(token), "token_type": "Bearer",
                    "expires_in": "\(call.settings.accessTokenLifetime)",
                    "scope": token.scopes.joined(separator: " "),
                ], request.target, call)
        }
    }

    /// Sends an error, with `state` and `iss` like any other answer.
    static func refuse(_ error: OAuthError, _ target: AuthorizationTarget, _ call: Call) -> Response {
        var form: Form = ["error": error.code.rawValue, "error_description": error.description]
        form.append("hint", error.hint)
        return redirect(form, target, call)
    }

    /// Sends parameters to the client's redirect URI, with `state` and `iss` (RFC 9207 §2).
    static func redirect(_ form: Form, _ target: AuthorizationTarget, _ call: Call) -> Response {
        var form = form
        form.append("state", target.state)
        form.append("iss", call.settings.issuer)
        let location =
            target.inFragment ? target.redirectURI.text + "#" + form.encoded : target.redirectURI.adding(form.encoded)
        let isFound = [.get, .head].contains(call.request.method) || call.settings.usesLegacyRedirects
        var response = Response.redirect(to: location, status: isFound ? .found : .seeOther)
        response.fields[.cacheControl] = "no-store"
        response.fields[.referrerPolicy] = "no-referrer"
        return response
    }
}
