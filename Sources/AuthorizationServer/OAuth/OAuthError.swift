import HTTPTypes

/// An error in the protocol's own words (RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1; OpenID Connect Core §3.1.2.6).
public struct OAuthError: Error, Sendable {
    /// The values of `error`.
    public enum Code: String, Sendable {
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

    public let code: Code
    /// One sentence for the client's developer.
    public let description: String
    /// What to look at.
    public var hint: String?
    /// 400, unless the code or the cause says otherwise.
    var status: HTTPResponse.Status = .badRequest
    var fields: HTTPFields = [:]

    init(_ code: Code, _ description: String, hint: String? = nil) {
        self.code = code
        self.description = description
        self.hint = hint
    }

    /// A parameter is missing, sent twice, or no text.
    static func invalidRequest(_ parameter: String, _ description: String? = nil) -> OAuthError {
        OAuthError(
            .invalidRequest,
            description
                ?? "The request is missing a required parameter, includes a parameter twice, or is otherwise malformed.",
            hint: "Check the `\(printable(parameter))` parameter")
    }

    /// Unknown client, wrong secret, missing secret: one answer for all (RFC 6749 §5.2).
    static var invalidClient: OAuthError {
        var error = OAuthError(.invalidClient, "Client authentication failed")
        error.status = .unauthorized
        error.fields[.wwwAuthenticate] = #"Basic realm="OAuth""#
        return error
    }

    /// The request cannot be kept in an address while the user signs in.
    static let tooLongForSignIn = OAuthError(
        .invalidRequest,
        "The request is too long, or has characters that no address has, to be kept while the user signs in.")

    /// The scope does not exist, or is more than was granted.
    static func invalidScope(_ id: String) -> OAuthError {
        OAuthError(
            .invalidScope, "The requested scope is invalid, unknown, or malformed",
            hint: "Check the `\(printable(id))` scope")
    }

    /// The code or refresh token is unknown, spent, expired, or somebody else's: one answer for all.
    static func invalidGrant(_ description: String) -> OAuthError {
        OAuthError(.invalidGrant, description)
    }

    /// Only `%x20-21 / %x23-5B / %x5D-7E` may stand in an error's texts (RFC 6749 §5.2), and not much of it.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(60).map {
                    (0x20...0x7e).contains($0.value) && !"\"\\`".unicodeScalars.contains($0) ? $0 : "?"
                }))
    }
}
