import HTTP
import MariaDB

/// Five sign-ins a minute for one email and address, counted before the password is looked at, so that parallel guesses count too.
struct SignInThrottle {
    private static let limit = 5
    private static let window = 60

    private let cache: CacheRepository
    private let key: String
    private let now: Timestamp

    init(_ call: Call, email: String) {
        cache = CacheRepository(call.database)
        key = Self.key(email: email, address: call.request.remoteAddress)
        now = call.now
    }

    /// The key of the cache: `login:ada@example.com|192.0.2.7`; deleting it lifts the lock-out.
    static func key(email: String, address: String) -> String {
        "login:\(email.lowercased().truncated(to: 255))|\(address)"
    }

    /// Counts an attempt; throws 429 from the sixth on.
    func admit() throws {
        let (count, expiresAt) = try cache.increment(key, window: Self.window, now: now)
        guard count <= Self.limit else { throw HTTPError.tooManyAttempts(retryAfter: Int(expiresAt.seconds - now.seconds)) }
    }

    /// Forgets the attempts, after one that succeeded.
    func forget() throws(DatabaseError) {
        try cache.forget(key, now: now)
    }
}
