/// An authorization request that passed all checks (RFC 6749 §4.1.1, §4.2.1; RFC 7636 §4.3).
package struct AuthorizationRequest: Sendable, Equatable {
    /// The kind of response that the client asks for, with the parameter's value on the wire.
    package enum ResponseType: String, Sendable {
        case code
        case token
    }

    package let clientID: String
    package let target: AuthorizationTarget
    package let responseType: ResponseType
    package let scopes: [String]
    package let codeChallenge: CodeChallenge?
    /// The data of the request beyond plain OAuth.
    package let authorization: Authorization?

    /// The time that the user has to answer, in seconds.
    package static let patience = 3600

    /// Creates a request that was checked before.
    package init(
        clientID: String, target: AuthorizationTarget, responseType: ResponseType, scopes: [String],
        codeChallenge: CodeChallenge?, authorization: Authorization?
    ) {
        self.clientID = clientID
        self.target = target
        self.responseType = responseType
        self.scopes = scopes
        self.codeChallenge = codeChallenge
        self.authorization = authorization
    }
}

/// The part of the redirect URI that carries the response to the client (OAuth 2.0 Multiple
/// Response Type Encoding Practices §2.1).
package enum ResponseMode: String, Sendable {
    case query
    case fragment

    /// Returns the address with the parameters of a response.
    package func address(_ redirectURI: RedirectURI, _ parameters: String) -> String {
        switch self {
        case .query: redirectURI.adding(parameters)
        case .fragment: redirectURI.text + "#" + parameters
        }
    }
}

extension AuthorizationRequest.ResponseType {
    /// The way in which the response travels.
    package var mode: ResponseMode { self == .code ? .query : .fragment }

    /// The grant that a client needs for this response.
    package var grant: GrantType { self == .code ? .authorizationCode : .implicit }
}

extension AuthorizationRequest {
    /// The rules for the requests of one client.
    package struct Rules {
        let clientID: String
        let responseTypes: [ResponseType]
        let grants: [GrantType]
        let requiresPKCE: Bool
        let scopes: ScopeCatalogue

        /// Creates the rules.
        ///
        /// `responseTypes` are those that the server offers. `grants` are those that the client may
        /// use.
        package init(
            clientID: String, responseTypes: [ResponseType], grants: [GrantType], requiresPKCE: Bool,
            scopes: ScopeCatalogue
        ) {
            self.clientID = clientID
            self.responseTypes = responseTypes
            self.grants = grants
            self.requiresPKCE = requiresPKCE
            self.scopes = scopes
        }
    }

    /// Checks all parameters except the client and the redirect URI, in this order.
    ///
    /// Errors that this initializer throws may be sent to the redirect URI.
    package init(_ parameters: Parameters, _ prompt: Prompt, target: AuthorizationTarget, by rules: Rules)
        throws(OAuthError)
    {
        _ = try parameters.oauthText("state", atMost: Parameters.longestState)
        let type = try parameters.requiredOAuthText("response_type")
        guard let responseType = ResponseType(rawValue: type), rules.responseTypes.contains(responseType) else {
            throw OAuthError(.unsupportedResponseType, "The authorization server does not support this response type.")
        }
        guard rules.grants.contains(responseType.grant) else {
            throw OAuthError(.unauthorizedClient, "The client is not allowed to use this response type.")
        }
        let scopes = try rules.scopes.resolve(parameters.scope())
        let challenge = try CodeChallenge(
            parameters.oauthText("code_challenge"), method: parameters.oauthText("code_challenge_method"))
        if responseType == .code, challenge == nil, rules.requiresPKCE {
            throw .invalidRequest("code_challenge", "This client must use PKCE: a code challenge is required.")
        }
        self.init(
            clientID: rules.clientID, target: target, responseType: responseType, scopes: scopes,
            codeChallenge: challenge, authorization: try Authorization(parameters, prompt))
    }
}
