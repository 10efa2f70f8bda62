import HTTP
import HTTPTypes
import Storage

/// The check of bearer tokens for other applications behind the same nginx.
enum VerifyController {
    /// `GET /oauth/verify`: tells nginx's `auth_request` who owns the token, or why the token is
    /// refused (RFC 6750 §3.1).
    static func verify(_ call: Call) throws -> Response {
        guard let required = call.request.requiredScope else { throw HTTPError.notFound }
        let audiences = call.request.requiredAudience?.split(separator: " ").map(String.init)
        guard let bearer = try BearerToken.find(call, for: audiences) else { throw HTTPError.bearer(nil) }
        let wanted = required.split(separator: " ").map(String.init)
        // The default in http.conf is a quotation mark, which no scope contains. A location that
        // sets no scopes therefore admits nobody.
        guard !wanted.contains("\"") else { throw HTTPError.insufficientScope(wanted.filter { $0 != "\"" }) }
        try bearer.demand(wanted)
        var response = Response.noContent
        response.fields[.tokenID] = bearer.token.id.rawValue
        response.fields[.userID] = bearer.token.userID?.rawValue
        response.fields[.clientID] = bearer.token.clientID.rawValue
        response.fields[.scopes] = bearer.scopes.joined(separator: " ")
        return response
    }
}
