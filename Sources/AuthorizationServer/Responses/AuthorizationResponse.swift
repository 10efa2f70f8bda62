import HTTP
import HTTPTypes
import OAuth

/// The response that is sent to the client's redirect URI (RFC 6749 §4.1.2, §4.2.2; RFC 9207).
enum AuthorizationResponse {
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
        let location = target.mode.address(target.redirectURI, form.encoded)
        let isFound = [.get, .head].contains(call.request.method) || call.settings.usesLegacyRedirects
        var response = Response.redirect(to: location, status: isFound ? .found : .seeOther)
        response.fields[.cacheControl] = "no-store"
        response.fields[.referrerPolicy] = "no-referrer"
        return response
    }
}
