import HTTP
import MariaDB

/// Five sign-ins a minute for one email and address, counted before the password is looked at, so that parallel guesses count too.
struct SignInThrottle {
    private static let limit = 5
    private static let window = 60

    private let call: Call
    private let email: String

    init(_ call: Call, email: String) {
        self.call = call
        self.email = email
    }

    /// The key of the cache: `login:ada@example.com|192.0.2.7`; deleting it lifts the lock-out.
    static func key(email: String, address: String) -> String {
        "login:\(email.lowercased().truncated(to: 255))|\(address)"
    }

    /// Counts an attempt; throws 429 from the sixth on.
    func admit() throws {
        let (count, expiresAt) = try cache.increment(key, window: Self.window, now: call.now)
        guard count > Self.limit else { return }
        if count == Self.limit + 1 { try call.record(.lockedOut, user: call.users.find(email: email)?.id) }
        throw HTTPError.tooManyAttempts(retryAfter: Int(expiresAt.seconds - call.now.seconds))
    }

    /// Forgets the attempts, after one that succeeded.
    func forget() throws(DatabaseError) {
        try cache.forget(key, now: call.now)
    }

    private var cache: CacheRepository { CacheRepository(call.database) }
    private var key: String { Self.key(email: email, address: call.request.remoteAddress) }
}
