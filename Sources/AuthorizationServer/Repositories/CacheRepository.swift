public import Cryptography
public import MariaDB

/// The table `oauth_cache`: what expires by itself, such as counts of failed sign-ins.
///
/// A key is stored as a digest of each of its parts, with bars between them: people type passwords
/// into fields for emails.
public struct CacheRepository {
    let database: Connection
    private let applicationKey: ApplicationKey

    /// Works on a connection; the digests are made with `APP_KEY`.
    public init(_ database: Connection, _ applicationKey: ApplicationKey) {
        self.database = database
        self.applicationKey = applicationKey
    }

    /// The tags of what keeps one caller from asking too often.
    static let throttles = #"["throttles"]"#

    /// Counts one more under a key, in a window of so many seconds that begins with the first, and returns the count and when the window ends.
    ///
    /// A row that is added deletes two that have expired, so that the table does not grow between
    /// two purges.
    func increment(_ key: String, tags: String = "", window: Int, now: Timestamp) throws(DatabaseError) -> (
        count: Int, expiresAt: Timestamp
    ) {
        let key = digest(key)
        // The columns are set from left to right, so `value` still sees the old expiry.
        let change = try database.execute(
            """
            INSERT INTO oauth_cache (cache_key, tags, value, expires_at) VALUES (?, ?, 1, ?)
            ON DUPLICATE KEY UPDATE value = IF(expires_at <= ?, 1, value + 1), expires_at = IF(expires_at <= ?, VALUES(expires_at), expires_at)
            """, key, tags, now + window, now, now)
        if change == 1 {
            try database.execute("DELETE FROM oauth_cache WHERE expires_at < ? ORDER BY expires_at LIMIT 2", now)
        }
        let row = try database.row(
            "SELECT value, expires_at FROM oauth_cache WHERE cache_key = ? AND tags = ?", key, tags)
        return (try row?.integer("value") ?? 1, try row?.time("expires_at") ?? now + window)
    }

    /// Counts one less under a key in a window that is open.
    func decrement(_ key: String, tags: String = "", now: Timestamp) throws(DatabaseError) {
        try database.execute(
            "UPDATE oauth_cache SET value = value - 1 WHERE cache_key = ? AND tags = ? AND expires_at > ? AND value > 0",
            digest(key), tags, now)
    }

    /// What has been counted under a key in a window that is open, and when that ends.
    func find(_ key: String, tags: String = "", now: Timestamp) throws(DatabaseError) -> (
        count: Int, expiresAt: Timestamp
    )? {
        try database.row(
            "SELECT value, expires_at FROM oauth_cache WHERE cache_key = ? AND tags = ? AND expires_at > ?",
            digest(key), tags, now
        )
        .map { row throws(DatabaseError) in (try row.integer("value"), try row.time("expires_at")) }
    }

    /// Forgets a key, as written under exactly these tags; says whether there was something to forget.
    @discardableResult
    public func forget(_ key: String, tags: String = "", now: Timestamp) throws(DatabaseError) -> Bool {
        let key = digest(key)
        let wasAlive =
            try database.row(
                "SELECT 1 FROM oauth_cache WHERE cache_key = ? AND tags = ? AND expires_at > ?", key, tags, now) != nil
        return try database.execute("DELETE FROM oauth_cache WHERE cache_key = ? AND tags = ?", key, tags) > 0
            && wasAlive
    }

    /// Lifts the lock-outs of an email, whatever network they were for; returns how many.
    public func unlock(email: String) throws(DatabaseError) -> Int {
        let networks = digest(SignInThrottle.key(email: email, network: "")).prefix { $0 != "|" }
        return try database.execute(
            "DELETE FROM oauth_cache WHERE tags = '' AND (cache_key = ? OR cache_key LIKE CONCAT(?, '|%'))",
            digest(SignInThrottle.key(email: email)), String(networks))
    }

    /// `login:ada@example.com|192.0.2.7` becomes two digests with a bar between them.
    public func digest(_ key: String) -> String {
        key.split(separator: "|", omittingEmptySubsequences: false).map {
            Hexadecimal.encode(Array(applicationKey.authenticate(String($0), for: .cacheKey).prefix(16)))
        }.joined(separator: "|").truncated(to: 400)
    }
}
