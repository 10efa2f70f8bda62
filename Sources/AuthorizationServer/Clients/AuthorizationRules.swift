import OAuth
import Storage

extension AuthorizationTarget {
    /// Finds the client and checks the redirect URI.
    ///
    /// Errors that this function throws are shown to the user. They are never sent to the redirect
    /// URI (RFC 6749 §4.1.2.1).
    static func find(_ parameters: Parameters, _ call: Call) throws -> (client: Client, target: AuthorizationTarget) {
        let id = try parameters.requiredOAuthText("client_id")
        guard let client = try call.clients.findActive(Client.ID(id)), client.internal == nil else {
            throw OAuthError.invalidRequest("client_id", "There is no such client.")
        }
        let target = try AuthorizationTarget(
            parameters, registered: client.redirectURIs, responseTypes: call.settings.responseTypes)
        return (client, target)
    }
}

extension AuthorizationRequest {
    /// Returns the request of these parameters, or `nil` if it has an error.
    static func find(_ parameters: Parameters, _ call: Call) throws -> AuthorizationRequest? {
        do {
            let (client, target) = try AuthorizationTarget.find(parameters, call)
            return try AuthorizationRequest(
                parameters, Prompt(parameters), target: target, by: Rules(for: client, call.settings))
        } catch is OAuthError {
            return nil
        }
    }
}

extension AuthorizationRequest.Rules {
    /// Creates the rules of a client with these settings.
    init(for client: Client, _ settings: Settings) {
        self.init(
            clientID: client.id.rawValue, responseTypes: settings.responseTypes,
            grants: GrantType.allCases.filter(client.mayUse),
            requiresPKCE: !client.isConfidential || settings.requiresPKCE, scopes: settings.scopes)
    }
}

extension Settings {
    /// The response types that are switched on.
    var responseTypes: [AuthorizationRequest.ResponseType] { allowsImplicitGrant ? [.code, .token] : [.code] }
}
