package import HTTPTypes

/// An error in the terms of the protocol (RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1; OpenID Connect
/// Core §3.1.2.6).
package struct OAuthError: Error, Sendable {
    /// The values of `error`.
    package enum Code: String, Sendable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case invalidScope = "invalid_scope"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case unsupportedResponseType = "unsupported_response_type"
        case accessDenied = "access_denied"
        case loginRequired = "login_required"
        case consentRequired = "consent_required"
        case serverError = "server_error"
        case temporarilyUnavailable = "temporarily_unavailable"
    }

    package let code: Code
    /// One sentence for the client's developer.
    package let description: String
    /// A hint for the developer, for example the parameter to check.
    package var hint: String?
    /// 400, unless the code or the cause requires another status.
    package var status: HTTPResponse.Status = .badRequest
    package var fields: HTTPFields = [:]

    package init(_ code: Code, _ description: String, hint: String? = nil) {
        self.code = code
        self.description = description
        self.hint = hint
    }

    /// Returns the error for a parameter that is missing, sent twice, or not text.
    package static func invalidRequest(_ parameter: String, _ description: String? = nil) -> OAuthError {
        OAuthError(
            .invalidRequest,
            description
                ?? "The request is missing a required parameter, includes a parameter twice, or is otherwise malformed.",
            hint: "Check the `\(printable(parameter))` parameter")
    }

    /// The error for an unknown client, a wrong secret and a missing secret.
    ///
    /// All cases get the same answer (RFC 6749 §5.2).
    package static var invalidClient: OAuthError {
        var error = OAuthError(.invalidClient, "Client authentication failed")
        error.status = .unauthorized
        error.fields[.wwwAuthenticate] = #"Basic realm="OAuth""#
        return error
    }

    /// The error for a request that an address cannot carry while the user signs in.
    package static let tooLongForSignIn = OAuthError(
        .invalidRequest,
        "The request is too long, or has characters that no address has, to be kept while the user signs in.")

    /// Returns the error for a scope that does not exist or was not granted.
    package static func invalidScope(_ id: String) -> OAuthError {
        OAuthError(
            .invalidScope, "The requested scope is invalid, unknown, or malformed",
            hint: "Check the `\(printable(id))` scope")
    }

    /// Returns the error for a code or refresh token that is unknown, used, expired or issued to
    /// another client.
    ///
    /// All cases get the same code.
    package static func invalidGrant(_ description: String) -> OAuthError {
        OAuthError(.invalidGrant, description)
    }

    /// Replaces the characters that an error's texts must not contain, and shortens the text.
    ///
    /// Only `%x20-21 / %x23-5B / %x5D-7E` are allowed (RFC 6749 §5.2).
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(60).map {
                    (0x20...0x7e).contains($0.value) && !"\"\\`".unicodeScalars.contains($0) ? $0 : "?"
                }))
    }
}
