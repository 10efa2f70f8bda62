import Cryptography
import FoundationEssentials
import HTTP
import HTTPTypes

/// The client that a request to the token endpoint names, and the secret it shows (RFC 6749 §2.3).
struct ClientAuthentication {
    let clientID: String
    let secret: String?

    /// Reads one method, Basic or the body; using both is `invalid_request`, credentials in the query are refused (RFC 6749 §2.3, §2.3.1).
    init(_ call: Call, _ parameters: Parameters) throws {
        let query = try call.query
        for name in ["client_id", "client_secret"] where query.contains(name) {
            throw OAuthError.invalidRequest(name, "Client credentials must not be sent in the query.")
        }
        let (bodyID, bodySecret) = try (parameters.oauthIdentifier("client_id"), parameters.oauthText("client_secret"))
        guard let header = call.request[.authorization] else {
            guard let bodyID else { throw OAuthError.invalidRequest("client_id") }
            clientID = bodyID
            secret = bodySecret
            return
        }
        guard bodySecret == nil else { throw OAuthError.invalidRequest("client_secret", "More than one method of client authentication was used.") }
        guard let basic = Self.basic(header) else { throw OAuthError.invalidClient }
        guard bodyID == nil || bodyID == basic.id else {
            throw OAuthError.invalidRequest("client_id", "The body names another client than the Authorization header.")
        }
        clientID = basic.id
        secret = basic.secret.isEmpty ? nil : basic.secret
    }

    /// Id and secret are form-encoded before they are joined (RFC 6749 §2.3.1).
    private static func basic(_ header: String) -> (id: String, secret: String)? {
        guard header.prefix(6).lowercased() == "basic ", let decoded = Data(base64Encoded: String(header.dropFirst(6))) else { return nil }
        let halves = decoded.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let id = PercentEncoding.decode(halves[0], plusIsSpace: true),
            let secret = PercentEncoding.decode(halves[1], plusIsSpace: true)
        else { return nil }
        return (id, secret)
    }

    /// The client, if it is who it says; an unknown one and a wrong secret are told apart by nothing.
    func authenticate(_ call: Call) throws -> Client {
        let client = try call.clients.findActive(Client.ID(clientID))
        guard let client, try isProven(client, call) else {
            try recordRefusal(of: client, call)
            throw OAuthError.invalidClient
        }
        return client
    }

    /// Anybody can cause these, so the table keeps one a minute for a client and an address; the log has all.
    private func recordRefusal(of client: Client?, _ call: Call) throws {
        guard let client,
            try CacheRepository(call.database).increment(Self.key(client, call), tags: CacheRepository.throttles, window: 60, now: call.now).count
                == 1
        else {
            return call.worker.events.append(call.event(.clientRefused, client: client?.id))
        }
        try call.record(.clientRefused, client: client.id)
    }

    private static func key(_ client: Client, _ call: Call) -> String {
        "refused:\(client.id.rawValue)|\(call.request.remoteAddress)"
    }

    /// A confidential client shows its secret, and a public one has none to show; guessing at what is dear to check is limited to ten failures a minute.
    private func isProven(_ client: Client, _ call: Call) throws -> Bool {
        guard let stored = client.secret else { return secret == nil }
        guard let secret else { return false }
        return try stored.verifies(secret, hashing: call.application.hashing, remembering: call.application.verifiedSecrets) {
            let failures = try CacheRepository(call.database).count(Self.key(client, call), tags: CacheRepository.throttles, now: call.now)
            if failures >= 10 { throw HTTPError.tooManyAttempts(retryAfter: 60) }
        }
    }
}
