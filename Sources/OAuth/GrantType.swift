/// The origin of a token: a value of `grant_type`, or an origin without a value in requests.
package enum GrantType: String, Sendable, CaseIterable {
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
    case clientCredentials = "client_credentials"
    case password
    case implicit
    case personalAccess = "personal_access"
    case signIn = "sign_in"
}
