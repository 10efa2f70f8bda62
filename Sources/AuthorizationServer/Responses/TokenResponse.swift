import HTTP
import HTTPTypes

/// The response of the token endpoint (RFC 6749 §5.1), in Passport's order, always with `scope`.
struct TokenResponse {
    let accessToken: String
    let expiresIn: Int
    var refreshToken: String?
    let scopes: [String]

    /// The document, which must not be cached.
    var response: Response {
        var document: JSON = [
            "token_type": "Bearer", "expires_in": .integer(Int64(expiresIn)), "access_token": .string(accessToken),
        ]
        if let refreshToken { document.append("refresh_token", .string(refreshToken)) }
        document.append("scope", .string(scopes.joined(separator: " ")))
        return .json(document, fields: [.cacheControl: "no-store", .pragma: "no-cache"])
    }
}
