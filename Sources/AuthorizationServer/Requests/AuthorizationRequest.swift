/// An authorization request that passed all checks (RFC 6749 §4.1.1, §4.2.1; RFC 7636 §4.3).
struct AuthorizationRequest {
    /// The kind of response that the client asks for, with the parameter's value on the wire.
    enum ResponseType: String {
        case code
        case token
    }

    let clientID: Client.ID
    let target: AuthorizationTarget
    let responseType: ResponseType
    let scopes: [String]
    let codeChallenge: CodeChallenge?

    /// The time that the user has to answer, in seconds.
    static let patience = 3600
}

extension AuthorizationRequest {
    /// Checks all parameters except the client and the redirect URI.
    ///
    /// Errors that this initializer throws may be sent to the redirect URI.
    init(_ parameters: Parameters, client: Client, target: AuthorizationTarget, settings: Settings) throws(OAuthError) {
        _ = try parameters.oauthText("state", atMost: Parameters.longestState)
        let type = try parameters.requiredOAuthText("response_type")
        guard let responseType = ResponseType(rawValue: type), responseType == .code || settings.allowsImplicitGrant
        else {
            throw OAuthError(.unsupportedResponseType, "The authorization server does not support this response type.")
        }
        guard client.mayUse(responseType == .code ? .authorizationCode : .implicit) else {
            throw OAuthError(.unauthorizedClient, "The client is not allowed to use this response type.")
        }
        let scopes = try settings.scopes.resolve(parameters.scope())
        let challenge = try CodeChallenge(
            parameters.oauthText("code_challenge"), method: parameters.oauthText("code_challenge_method"))
        if responseType == .code, challenge == nil, !client.isConfidential || settings.requiresPKCE {
            throw .invalidRequest("code_challenge", "This client must use PKCE: a code challenge is required.")
        }
        self.init(
            clientID: client.id, target: target, responseType: responseType, scopes: scopes, codeChallenge: challenge)
    }
}
