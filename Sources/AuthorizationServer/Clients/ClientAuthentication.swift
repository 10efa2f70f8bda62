import HTTP
import OAuth
import Storage

/// A way for a client to authenticate at the token endpoint (RFC 6749 §2.3).
struct ClientAuthenticationMethod: Sendable {
    /// The name in `token_endpoint_auth_methods_supported` (RFC 8414 §2).
    let name: String
    /// Whether the method proves that the request comes from the client.
    var isProof = true
    /// Returns the credentials, or `nil` if the request does not use this method.
    let read: @Sendable (Call, Parameters) throws -> ClientCredentials?
}

/// The client that a request names, and the proof that the request comes from it.
struct ClientCredentials {
    let clientID: String
    /// Returns whether the proof is right.
    let prove: (Client, Call) throws -> Bool
}

/// The authentication of the client of a token request.
package enum ClientAuthentication {
    /// The methods, in the order in which they are tried.
    ///
    /// The metadata is made from this table.
    static let methods = [ClientSecretBasic.method, ClientSecretPost.method, PublicClient.method]

    /// Returns the names of the methods for a client with credentials, or for a public client.
    package static func methods(forConfidential isConfidential: Bool) -> [String] {
        methods.filter { $0.isProof == isConfidential }.map(\.name)
    }

    /// Returns the client and its method if the authentication succeeds.
    ///
    /// A client whose metadata names a method may use only this method (RFC 7591 §2).
    /// The response does not show whether the client is unknown or the proof is wrong. Credentials
    /// in the query are refused (RFC 6749 §2.3.1).
    static func authenticate(_ call: Call, _ parameters: Parameters) throws -> (
        Client, ClientAuthenticationMethod
    ) {
        let query = try call.query
        for name in ["client_id", "client_secret"] where query.contains(name) {
            throw OAuthError.invalidRequest(name, "Client credentials must not be sent in the query.")
        }
        let (method, credentials) = try read(call, parameters)
        let client = try call.clients.findActive(Client.ID(credentials.clientID))
        guard let client, [nil, method.name].contains(client.metadata.tokenEndpointAuthMethod),
            try credentials.prove(client, call)
        else {
            try call.recordOnceAMinute(.clientRefused, client: client?.id)
            throw OAuthError.invalidClient
        }
        return (client, method)
    }

    private static func read(_ call: Call, _ parameters: Parameters) throws -> (
        ClientAuthenticationMethod, ClientCredentials
    ) {
        for method in methods {
            if let credentials = try method.read(call, parameters) { return (method, credentials) }
        }
        throw OAuthError.invalidRequest("client_id")
    }
}
