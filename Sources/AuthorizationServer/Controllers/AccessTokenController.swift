import HTTP

/// The token endpoint.
enum AccessTokenController {
    /// `POST /oauth/token`: exchanges a grant for an access token (RFC 6749 §3.2).
    static func issueToken(_ call: Call) throws -> Response {
        let parameters = try call.body
        let name = try parameters.requiredOAuthText("grant_type")
        guard let grant = GrantType(rawValue: name), GrantType.offered(by: call.settings).contains(grant) else {
            throw OAuthError(
                .unsupportedGrantType, "The authorization grant type is not supported by the authorization server.")
        }
        let client = try ClientAuthentication(call, parameters).authenticate(call)
        guard client.mayUse(grant) else {
            throw OAuthError(.unauthorizedClient, "The client is not allowed to use this grant type.")
        }
        let issued =
            switch grant {
            case .authorizationCode: try AuthorizationCodeGrant.exchange(call, client, parameters)
            case .refreshToken: try RefreshTokenGrant.exchange(call, client, parameters)
            case .clientCredentials: try ClientCredentialsGrant.exchange(call, client, parameters)
            case .password: try PasswordGrant.exchange(call, client, parameters)
            case .implicit, .personalAccess, .signIn:
                throw OAuthError(.unsupportedGrantType, "This grant is not one of the token endpoint.")
            }
        return try TokenIssuer(call).response(issued).response
    }
}
