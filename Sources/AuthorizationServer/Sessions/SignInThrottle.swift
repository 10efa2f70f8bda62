import HTTP
import MariaDB

/// What keeps guessers out: five sign-ins a minute for one email and address.
///
/// After a hundred failures within an hour, wherever they came from, it is one a minute from addresses that the user has not signed in from before: many guessers are slowed, and
/// none of them can lock anybody out for good.
struct SignInThrottle {
    private static let (limit, limitOfStrangers, window) = (5, 1, 60)
    private static let (accountLimit, accountWindow) = (100, 3600)

    private let call: Call
    private let email: String

    init(_ call: Call, email: String) {
        self.call = call
        self.email = email
    }

    /// The key of the cache: `login:ada@example.com|192.0.2.7`, without an address for all of them; deleting it lifts the lock-out.
    static func key(email: String, address: String) -> String {
        "login:\(email.lowercased().truncated(to: 255))|\(address)"
    }

    /// Counts an attempt before the password is looked at, so that parallel guesses count too; throws 429 for one too many.
    func admit() throws {
        let (count, expiresAt) = try cache.increment(key, window: Self.window, now: call.now)
        let limit = count > Self.limitOfStrangers && count <= Self.limit ? try limitHere() : Self.limit
        guard count > limit else { return }
        if count == Self.limit + 1 { try call.record(.lockedOut, user: call.users.find(email: email)?.id) }
        throw HTTPError.tooManyAttempts(until: expiresAt, now: call.now)
    }

    private func limitHere() throws -> Int {
        let failures = try cache.count(accountKey, now: call.now)
        return try failures < Self.accountLimit || isKnownHere() ? Self.limit : Self.limitOfStrangers
    }

    private func isKnownHere() throws -> Bool {
        guard let user = try call.users.find(email: email) else { return false }
        return try AuditEventRepository(call.database).hasSignedIn(user.id, from: call.request.remoteAddress)
    }

    /// Counts a failure, and tells the audit trail of the one that is too many.
    func fail(_ user: User?) throws {
        let (count, _) = try cache.increment(accountKey, window: Self.accountWindow, now: call.now)
        try call.record(.signInFailed, user: user?.id)
        if count == Self.accountLimit { try call.record(.lockedOut, user: user?.id, detail: "elsewhere") }
    }

    /// Forgets the attempts from this address, after one that succeeded.
    func forget() throws(DatabaseError) {
        try cache.forget(key, now: call.now)
    }

    private var cache: CacheRepository { CacheRepository(call.database) }
    private var key: String { Self.key(email: email, address: call.request.remoteAddress) }
    private var accountKey: String { Self.key(email: email, address: "") }
}
