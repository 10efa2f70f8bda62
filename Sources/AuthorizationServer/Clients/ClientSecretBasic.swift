import FoundationEssentials
import HTTP
import HTTPTypes
import OAuth

/// `client_secret_basic`: the id and the secret in the `Authorization` field (RFC 6749 §2.3.1).
enum ClientSecretBasic {
    static let method = ClientAuthenticationMethod(name: "client_secret_basic", read: read)

    /// Reads the credentials.
    ///
    /// A secret in the body too is an `invalid_request`, because a client uses one method
    /// (RFC 6749 §2.3). Another scheme is not client authentication. Interceptors of HTTP clients
    /// put the last access token there.
    private static func read(_ call: Call, _ parameters: Parameters) throws -> ClientCredentials? {
        let (bodyID, bodySecret) = try (parameters.oauthIdentifier("client_id"), parameters.oauthText("client_secret"))
        guard let credentials = call.request.credentials(of: "Basic") else { return nil }
        guard bodySecret == nil else {
            throw OAuthError.invalidRequest("client_secret", "More than one method of client authentication was used.")
        }
        guard let (id, secret) = decode(credentials) else { throw OAuthError.invalidClient }
        guard bodyID == nil || bodyID == id else {
            throw OAuthError.invalidRequest("client_id", "The body names another client than the Authorization header.")
        }
        return ClientCredentials(clientID: id, secret: secret.isEmpty ? nil : secret)
    }

    /// Decodes Basic credentials.
    ///
    /// The id and the secret are form-encoded before they are joined (RFC 6749 §2.3.1).
    private static func decode(_ credentials: Substring) -> (id: String, secret: String)? {
        guard credentials.utf8.count <= 4096, let decoded = Data(base64Encoded: String(credentials.trimming())) else {
            return nil
        }
        let halves = decoded.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let id = PercentEncoding.decode(halves[0], plusIsSpace: true),
            let secret = PercentEncoding.decode(halves[1], plusIsSpace: true)
        else { return nil }
        return (id, secret)
    }
}
