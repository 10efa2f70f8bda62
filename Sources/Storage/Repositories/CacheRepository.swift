package import Cryptography
import HTTP
package import MariaDB

/// The table `oauth_cache`: values that expire by themselves, such as counts of failed sign-ins.
///
/// A key is stored as the digests of its parts, with bars between them, because people type
/// passwords into fields for emails.
package struct CacheRepository {
    let database: Connection
    private let applicationKey: ApplicationKey

    /// Creates a repository that uses this connection.
    ///
    /// The digests are made with `APP_KEY`.
    package init(_ database: Connection, _ applicationKey: ApplicationKey) {
        self.database = database
        self.applicationKey = applicationKey
    }

    /// The tags of the counters that prevent a caller from asking too often.
    package static let throttles = #"["throttles"]"#

    /// Adds one to the count of a key, and returns the count and the time at which the window ends.
    ///
    /// A window has `window` seconds and begins with the first count. If a row is added, two
    /// expired rows are deleted, so that the table does not grow between two purges.
    package func increment(_ key: String, tags: String = "", window: Int, now: Timestamp) throws(DatabaseError) -> (
        count: Int, expiresAt: Timestamp
    ) {
        let key = digest(key)
        // MariaDB sets the columns from left to right, so `value` still sees the old expiry.
        let change = try database.execute(
            """
            INSERT INTO \(.cache) (cache_key, tags, value, expires_at) VALUES (\(key), \(tags), 1, \(now + window))
            ON DUPLICATE KEY UPDATE value = IF(expires_at <= \(now), 1, value + 1),
                expires_at = IF(expires_at <= \(now), VALUES(expires_at), expires_at)
            """
        )
        if change == 1 {
            try database.execute("DELETE FROM \(.cache) WHERE expires_at < \(now) ORDER BY expires_at LIMIT 2")
        }
        let row = try database.row(
            "SELECT value, expires_at FROM \(.cache) WHERE cache_key = \(key) AND tags = \(tags)")
        return (try row?.integer("value") ?? 1, try row?.time("expires_at") ?? now + window)
    }

    /// Subtracts one from the count of a key, if the window of the key is open.
    package func decrement(_ key: String, tags: String = "", now: Timestamp) throws(DatabaseError) {
        try database.execute(
            """
            UPDATE \(.cache) SET value = value - 1 WHERE cache_key = \(digest(key)) AND tags = \(tags)
                AND expires_at > \(now) AND value > 0
            """
        )
    }

    /// Returns the count of a key and the time at which its window ends, if the window is open.
    package func find(_ key: String, tags: String = "", now: Timestamp) throws(DatabaseError) -> (
        count: Int, expiresAt: Timestamp
    )? {
        try database.row(
            """
            SELECT value, expires_at FROM \(.cache) WHERE cache_key = \(digest(key)) AND tags = \(tags)
                AND expires_at > \(now)
            """
        )
        .map { row throws(DatabaseError) in (try row.integer("value"), try row.time("expires_at")) }
    }

    /// Deletes a key that was stored under exactly these tags.
    ///
    /// Returns whether a key with an open window was deleted.
    @discardableResult
    package func forget(_ key: String, tags: String = "", now: Timestamp) throws(DatabaseError) -> Bool {
        let key = digest(key)
        let wasAlive =
            try database.row(
                "SELECT 1 FROM \(.cache) WHERE cache_key = \(key) AND tags = \(tags) AND expires_at > \(now)") != nil
        return try database.execute("DELETE FROM \(.cache) WHERE cache_key = \(key) AND tags = \(tags)") > 0
            && wasAlive
    }

    /// Deletes the count of a key without tags, and the counts of all keys that begin with a
    /// prefix and a bar.
    ///
    /// Returns the number of deleted counts.
    package func forget(_ account: String, prefix: String) throws(DatabaseError) -> Int {
        let account = digest(account)
        let networks = String(digest(prefix).prefix { $0 != "|" })
        return try database.execute(
            """
            DELETE FROM \(.cache) WHERE tags = ''
                AND (cache_key = \(account) OR cache_key LIKE CONCAT(\(networks), '|%'))
            """
        )
    }

    /// Replaces each part of a key by a digest.
    ///
    /// `login:ada@example.com|192.0.2.7` becomes two digests with a bar between them.
    package func digest(_ key: String) -> String {
        key.split(separator: "|", omittingEmptySubsequences: false).map {
            Hexadecimal.encode(Array(applicationKey.authenticate(String($0), for: .cacheKey).prefix(16)))
        }.joined(separator: "|").truncated(to: 400)
    }
}
