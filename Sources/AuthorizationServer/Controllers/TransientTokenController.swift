import HTTP
import HTTPTypes

/// The cookie with which our own pages call `/api/*`.
enum TransientTokenController {
    /// `POST /oauth/token/refresh`: renews the cookie `laravel_token`.
    static func refresh(_ call: Call) throws -> Response {
        let session = try call.callersSession()
        guard let cookie = call.cookie else { throw HTTPError.unauthorized }
        var response = Response(
            status: .ok, fields: [.contentType: "text/html; charset=UTF-8"], body: Array("Refreshed.".utf8))
        cookie.set(on: &response, call.application)
        response.set(try TransientToken.cookie(for: session, csrfToken: cookie.csrfToken(call.application), call))
        return response
    }
}
