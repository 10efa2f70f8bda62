public import MariaDB

/// The table `oauth_cache`: what expires by itself, such as counts of failed sign-ins.
public struct CacheRepository {
    let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// The tags of what keeps one caller from asking too often.
    static let throttles = #"["throttles"]"#

    /// Counts one more under a key, in a window of so many seconds that begins with the first, and returns the count and when the window ends.
    func increment(_ key: String, tags: String = "", window: Int, now: Timestamp) throws(DatabaseError) -> (count: Int, expiresAt: Timestamp) {
        let key = key.truncated(to: 400)
        // The columns are set from left to right, so `value` still sees the old expiry.
        try database.execute(
            """
            INSERT INTO oauth_cache (cache_key, tags, value, expires_at) VALUES (?, ?, 1, ?)
            ON DUPLICATE KEY UPDATE value = IF(expires_at <= ?, 1, value + 1), expires_at = IF(expires_at <= ?, VALUES(expires_at), expires_at)
            """, key, tags, now + window, now, now)
        let row = try database.row("SELECT value, expires_at FROM oauth_cache WHERE cache_key = ? AND tags = ?", key, tags)
        return (try row?.integer("value") ?? 1, try row?.time("expires_at") ?? now + window)
    }

    /// What has been counted under a key in a window that is open.
    func count(_ key: String, tags: String = "", now: Timestamp) throws(DatabaseError) -> Int {
        try database.row("SELECT value FROM oauth_cache WHERE cache_key = ? AND tags = ? AND expires_at > ?", key.truncated(to: 400), tags, now)?
            .integer("value") ?? 0
    }

    /// Forgets a key, as written under exactly these tags; says whether there was something to forget.
    @discardableResult
    public func forget(_ key: String, tags: String = "", now: Timestamp) throws(DatabaseError) -> Bool {
        let wasAlive = try database.row("SELECT 1 FROM oauth_cache WHERE cache_key = ? AND tags = ? AND expires_at > ?", key, tags, now) != nil
        return try database.execute("DELETE FROM oauth_cache WHERE cache_key = ? AND tags = ?", key, tags) > 0 && wasAlive
    }

    /// Lifts the lock-outs of an email, whatever address they were for; returns how many.
    public func unlock(email: String) throws(DatabaseError) -> Int {
        let prefix = SignInThrottle.key(email: email, address: "")
        return try database.execute(
            "DELETE FROM oauth_cache WHERE tags = '' AND LEFT(cache_key, CHAR_LENGTH(?)) = ? AND cache_key >= ?", prefix, prefix, prefix)
    }
}
