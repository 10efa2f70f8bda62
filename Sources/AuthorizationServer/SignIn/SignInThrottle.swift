import HTTP
import MariaDB
package import Storage

/// A limit on password guesses.
///
/// One email may be tried five times a minute from one network. It may fail a hundred times an hour
/// from all networks together.
///
/// After the hundred failures, only a browser or a network that has signed in to the account may
/// try. This stops guessers on many networks and does not lock the owner out. An email without an
/// account is counted in the same way.
package struct SignInThrottle {
    private static let (limit, window) = (5, 60)
    private static let (accountLimit, accountWindow) = (100, 3600)
    private static let (browserLimit, browserWindow) = (10, 3600)

    private let call: Call
    private let email: String

    init(_ call: Call, email: String) {
        self.call = call
        self.email = email
    }

    /// Returns the cache key of an email and a network: `login:ada@example.com|192.0.2.7`.
    ///
    /// Deleting the key lifts the lock-out of that network.
    static func key(email: String, network: String) -> String {
        "login:\(part(email))|\(network)"
    }

    /// Returns the cache key for all networks together: `account:ada@example.com`.
    ///
    /// No email can turn this key into the key of a network.
    static func key(email: String) -> String {
        "account:\(part(email))"
    }

    /// Lifts the lock-outs of an email for all networks, and returns the number of lifted
    /// lock-outs.
    package static func forget(email: String, in cache: CacheRepository) throws -> Int {
        try cache.forget(key(email: email), prefix: key(email: email, network: ""))
    }

    /// Encodes the bars in an email, because bars separate the parts of a key.
    private static func part(_ email: String) -> String {
        EmailAddress(email).normalForm.replacing("|", with: "%7C")
    }

    /// Counts an attempt before the password is checked, and throws 429 if the attempt exceeds a
    /// limit.
    ///
    /// Because of this order, parallel guesses count too.
    ///
    /// Exactly one commit happens, with or without a new row in the audit trail. All unknown emails
    /// share a row. The time of a second commit would distinguish them from known emails.
    func admit(_ user: User?) throws {
        let (count, expiresAt) = try call.transaction {
            let counted = try call.cache.increment(key, window: Self.window, now: call.now)
            if counted.count > Self.limit { try call.recordOnceAMinute(.lockedOut, user: user?.id) }
            return counted
        }
        guard count <= Self.limit else { throw HTTPError.tooManyAttempts(until: expiresAt, now: call.now) }
        guard let failures = try call.cache.find(accountKey, now: call.now), failures.count >= Self.accountLimit,
            try !isKnown(user)
        else {
            return
        }
        throw HTTPError.tooManyAttempts(until: failures.expiresAt, now: call.now)
    }

    /// Removes an attempt from the count if its password could not be checked.
    func giveBack() {
        _ = try? call.cache.decrement(key, now: call.now)
    }

    /// Counts a failure, also in one commit.
    func fail(_ user: User?) throws {
        try call.transaction {
            let count = try call.cache.increment(accountKey, window: Self.accountWindow, now: call.now).count
            if let mark = mark(of: user) {
                _ = try call.cache.increment(mark, window: Self.browserWindow, now: call.now)
            }
            try call.recordOnceAMinute(.signInFailed, user: user?.id)
            if count == Self.accountLimit { try call.record(.lockedOut, user: user?.id, detail: "elsewhere") }
        }
    }

    /// Deletes the count of attempts from this network, after a successful attempt.
    func forget() throws(DatabaseError) {
        try call.cache.forget(key, now: call.now)
    }

    /// Returns whether the account knows this browser or this network.
    ///
    /// An account knows a browser after a sign-in. It knows a network for 30 days after a sign-in.
    private func isKnown(_ user: User?) throws -> Bool {
        let isKnownNetwork = try KnownNetworkRepository(call.database).contains(
            call.request.network, of: user?.id, now: call.now)
        guard !isKnownNetwork, let mark = mark(of: user) else { return isKnownNetwork }
        return try (call.cache.find(mark, now: call.now)?.count ?? 0) < Self.browserLimit
    }

    /// Returns the key that counts the failures of this browser, if the account knows the browser.
    private func mark(of user: User?) -> String? {
        user.flatMap { KnownBrowser(call).mark(of: $0, call.application) }.map { "known:\($0)" }
    }

    private var key: String { Self.key(email: email, network: call.request.network) }
    private var accountKey: String { Self.key(email: email) }
}
