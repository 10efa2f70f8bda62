import HTTP
import MariaDB

/// Limits guesses: five a minute for one email and network, and a hundred failures an hour for one
/// email from everywhere.
///
/// Beyond the hundred only a browser or a network that has signed in to the account may try, so
/// that guessers from many networks are stopped and the owner is not locked out. An email without
/// an account is counted in the same way.
struct SignInThrottle {
    private static let (limit, window) = (5, 60)
    private static let (accountLimit, accountWindow) = (100, 3600)
    private static let (browserLimit, browserWindow) = (10, 3600)

    private let call: Call
    private let email: String

    init(_ call: Call, email: String) {
        self.call = call
        self.email = email
    }

    /// The key of the cache: `login:ada@example.com|192.0.2.7`; deleting it lifts the lock-out of
    /// that network.
    static func key(email: String, network: String) -> String {
        "login:\(part(email))|\(network)"
    }

    /// The key for all networks together: `account:ada@example.com`.
    ///
    /// No email makes it the key of a network.
    static func key(email: String) -> String {
        "account:\(part(email))"
    }

    /// Bars separate the parts of a key.
    private static func part(_ email: String) -> String {
        EmailAddress(email).normalForm.replacing("|", with: "%7C")
    }

    /// Counts an attempt before the password is looked at, so that parallel guesses count too;
    /// throws 429 for one too many.
    ///
    /// There is one commit, whether or not a row of the audit trail is due: all unknown emails
    /// share a row, and the time of a second commit would tell them from the others.
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

    /// Takes an attempt back whose password could not be looked at.
    func giveBack() {
        _ = try? call.cache.decrement(key, now: call.now)
    }

    /// Counts a failure, with one commit as well.
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

    /// Forgets the attempts from this network, after one that succeeded.
    func forget() throws(DatabaseError) {
        try call.cache.forget(key, now: call.now)
    }

    /// Whether somebody has signed in to the account with this browser, or from this network within
    /// 30 days.
    private func isKnown(_ user: User?) throws -> Bool {
        let isKnownNetwork = try KnownNetworkRepository(call.database).contains(
            call.request.network, of: user?.id, now: call.now)
        guard !isKnownNetwork, let mark = mark(of: user) else { return isKnownNetwork }
        return try (call.cache.find(mark, now: call.now)?.count ?? 0) < Self.browserLimit
    }

    /// The key under which the failures of this browser are counted, if it is known to the account.
    private func mark(of user: User?) -> String? {
        user.flatMap { KnownBrowser(call).mark(of: $0, call.application) }.map { "known:\($0)" }
    }

    private var key: String { Self.key(email: email, network: call.request.network) }
    private var accountKey: String { Self.key(email: email) }
}
