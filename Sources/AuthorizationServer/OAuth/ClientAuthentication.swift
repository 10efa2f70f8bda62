import Cryptography
import FoundationEssentials
import HTTP
import HTTPTypes

/// The client id and the secret in a request to the token endpoint (RFC 6749 §2.3).
struct ClientAuthentication {
    let clientID: String
    let secret: String?

    /// Reads the credentials of one method: Basic or the body.
    ///
    /// Both methods together are an `invalid_request`. Credentials in the query are refused
    /// (RFC 6749 §2.3, §2.3.1).
    init(_ call: Call, _ parameters: Parameters) throws {
        let query = try call.query
        for name in ["client_id", "client_secret"] where query.contains(name) {
            throw OAuthError.invalidRequest(name, "Client credentials must not be sent in the query.")
        }
        let (bodyID, bodySecret) = try (parameters.oauthIdentifier("client_id"), parameters.oauthText("client_secret"))
        // Another scheme is not client authentication. Interceptors of HTTP clients put the last
        // access token there.
        guard let credentials = call.request.credentials(of: "Basic") else {
            guard let bodyID else { throw OAuthError.invalidRequest("client_id") }
            clientID = bodyID
            secret = bodySecret
            return
        }
        guard bodySecret == nil else {
            throw OAuthError.invalidRequest("client_secret", "More than one method of client authentication was used.")
        }
        guard let basic = Self.basic(credentials) else { throw OAuthError.invalidClient }
        guard bodyID == nil || bodyID == basic.id else {
            throw OAuthError.invalidRequest("client_id", "The body names another client than the Authorization header.")
        }
        clientID = basic.id
        secret = basic.secret.isEmpty ? nil : basic.secret
    }

    /// Decodes Basic credentials.
    ///
    /// The id and the secret are form-encoded before they are joined (RFC 6749 §2.3.1).
    private static func basic(_ credentials: Substring) -> (id: String, secret: String)? {
        guard credentials.utf8.count <= 4096, let decoded = Data(base64Encoded: String(credentials.trimming())) else {
            return nil
        }
        let halves = decoded.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let id = PercentEncoding.decode(halves[0], plusIsSpace: true),
            let secret = PercentEncoding.decode(halves[1], plusIsSpace: true)
        else { return nil }
        return (id, secret)
    }

    /// Returns the client if its authentication succeeds.
    ///
    /// The response does not show whether the client is unknown or the secret is wrong.
    func authenticate(_ call: Call) throws -> Client {
        let client = try call.clients.findActive(Client.ID(clientID))
        guard let client, try isProven(client, call) else {
            try call.recordOnceAMinute(.clientRefused, client: client?.id)
            throw OAuthError.invalidClient
        }
        return client
    }

    /// Returns the key for counting a client's failures with a secret that is expensive to check.
    private static func key(_ client: Client, _ call: Call) -> String {
        "secrets:\(client.id.rawValue)|\(call.request.network)"
    }

    /// Returns whether the client has proven its identity.
    ///
    /// A confidential client must send its secret. A public client has no secret. Anything that it
    /// sends proves nothing and is ignored, as in Passport.
    ///
    /// Guesses at a secret that is expensive to check are limited to ten failures a minute.
    private func isProven(_ client: Client, _ call: Call) throws -> Bool {
        guard let stored = client.secret else { return true }
        guard let secret else { return false }
        var isExpensive = false
        let isRight = try stored.verifies(
            secret, hashing: call.application.hashing, remembering: call.application.verifiedSecrets
        ) {
            isExpensive = true
            let failures =
                try call.cache.find(Self.key(client, call), tags: CacheRepository.throttles, now: call.now)?.count ?? 0
            if failures >= 10 { throw HTTPError.tooManyAttempts(retryAfter: 60) }
        }
        if isExpensive, !isRight {
            _ = try call.cache.increment(
                Self.key(client, call), tags: CacheRepository.throttles, window: 60, now: call.now)
        }
        return isRight
    }
}
