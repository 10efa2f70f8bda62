/// Where a token comes from: the values of `grant_type`, and what has no value on the wire.
public enum GrantType: String, Sendable, CaseIterable {
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
    case clientCredentials = "client_credentials"
    case password
    case implicit
    case personalAccess = "personal_access"
    case signIn = "sign_in"

    /// The grants of the token endpoint, with those that somebody must have switched on.
    static func offered(by settings: Settings) -> [GrantType] {
        [.authorizationCode, .refreshToken, .clientCredentials] + (settings.allowsPasswordGrant ? [.password] : [])
    }
}
