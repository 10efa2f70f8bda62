import HTTP
import HTTPTypes

/// Bearer tokens of other applications behind the same nginx.
enum VerifyController {
    /// `GET /oauth/verify`: tells nginx's `auth_request` whose token it is, or why it will not do (RFC 6750 §3.1).
    static func verify(_ call: Call) throws -> Response {
        guard let required = call.request.requiredScope else { throw HTTPError.notFound }
        guard let bearer = try BearerToken.find(call) else { throw HTTPError.bearer(nil) }
        let wanted = required.split(separator: " ").map(String.init)
        // http.conf's default is a quotation mark, which no scope has: a location that says nothing lets nobody in.
        guard bearer.covers(wanted) else { throw HTTPError.insufficientScope(wanted.filter { $0 != "\"" }) }
        var response = Response.noContent
        response.fields[.tokenID] = bearer.token.id.rawValue
        response.fields[.userID] = bearer.token.userID?.rawValue
        response.fields[.clientID] = bearer.token.clientID.rawValue
        response.fields[.scopes] = bearer.scopes.joined(separator: " ")
        return response
    }
}
