import HTTP
import OAuth
import Storage

extension ClientCredentials {
    /// Creates credentials that a secret proves.
    init(clientID: String, secret: String?) {
        self.init(clientID: clientID) { client, call in try Self.isRight(secret, of: client, call) }
    }

    /// Returns whether a secret proves the identity of a client.
    ///
    /// A confidential client must send its secret. A public client has no secret. Anything that it
    /// sends proves nothing and is ignored, as in Passport.
    ///
    /// Guesses at a secret that is expensive to check are limited to ten failures a minute.
    private static func isRight(_ secret: String?, of client: Client, _ call: Call) throws -> Bool {
        guard let stored = client.secret else { return true }
        guard let secret else { return false }
        var isExpensive = false
        let isRight = try stored.verifies(
            secret, hashing: call.application.hashing, remembering: call.application.verifiedSecrets
        ) {
            isExpensive = true
            let failures =
                try call.cache.find(key(client, call), tags: CacheRepository.throttles, now: call.now)?.count ?? 0
            if failures >= 10 { throw HTTPError.tooManyAttempts(retryAfter: 60) }
        }
        if isExpensive, !isRight {
            _ = try call.cache.increment(key(client, call), tags: CacheRepository.throttles, window: 60, now: call.now)
        }
        return isRight
    }

    /// Returns the key for counting a client's failures with a secret that is expensive to check.
    private static func key(_ client: Client, _ call: Call) -> String {
        "secrets:\(client.id.rawValue)|\(call.request.network)"
    }
}
