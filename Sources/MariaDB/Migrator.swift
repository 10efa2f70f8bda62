/// One file of `sql/`: a single statement that is harmless to run twice.
public struct Migration: Sendable {
    public let name: String
    public let text: String

    /// Names a migration as its file is named: `0001_create_users`.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// Brings a schema up to date, one host at a time.
public struct Migrator {
    /// Longer than any pause between two statements of a living migrator; `ALTER`s of large tables renew nothing while they run.
    private static let leaseSeconds = 600

    private let connection: Connection
    private let migrations: [Migration]
    private let holder: String

    /// Uses a connection of its own, without a read time-out; `holder` is unlike any other migrator's.
    public init(to server: DatabaseServer, migrations: [Migration], holder: String) {
        connection = Connection(to: server.patient)
        self.migrations = migrations
        self.holder = holder
    }

    /// The migrations that the database does not have yet.
    public func pending() throws(DatabaseError) -> [Migration] {
        let applied = try applied()
        return migrations.filter { !applied.contains($0.name) }
    }

    /// Migrations that the database has and this program does not know: it belongs to a newer one.
    public func unknown() throws(DatabaseError) -> [String] {
        try applied().filter { name in !migrations.contains { $0.name == name } }
    }

    /// The names of those that the database has; none, where it has no record.
    private func applied() throws(DatabaseError) -> [String] {
        guard try connection.hasTable("consulate_migrations") else { return [] }
        return try connection.rows("SELECT name FROM consulate_migrations").map { row throws(DatabaseError) in try row.text("name") }
    }

    /// Applies what is pending, in order, telling `progress` of each before it runs, and returns it; waits while another migrator is at work.
    ///
    /// A lease row keeps others out, not `GET_LOCK`, which holds on one node of a cluster only.
    public func migrate(clock: () -> Timestamp, wait: () -> Void, progress: (Migration) -> Void = { _ in }) throws(DatabaseError) -> [Migration] {
        try connection.command(
            """
            CREATE TABLE IF NOT EXISTS consulate_migrations (
                name VARCHAR(191) NOT NULL PRIMARY KEY, applied_at DATETIME NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='What of sql/ has been applied'
            """)
        try connection.command(
            """
            CREATE TABLE IF NOT EXISTS consulate_leases (
                name VARCHAR(191) NOT NULL PRIMARY KEY, holder VARCHAR(191) NOT NULL, expires_at DATETIME NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='Who is doing what only one may do at a time'
            """)
        while try !lease(now: clock()) { wait() }
        defer { _ = try? connection.execute("DELETE FROM consulate_leases WHERE name = 'migrate' AND holder = ?", holder) }
        let pending = try pending()
        for migration in pending {
            guard try lease(now: clock()) else {
                throw DatabaseError(code: 0, message: "another migrator took over; run it again")
            }
            progress(migration)
            try connection.alter(migration, wait: wait)
            try connection.execute("INSERT INTO consulate_migrations (name, applied_at) VALUES (?, ?)", migration.name, clock())
        }
        return pending
    }

    /// Whether the lease is ours; losing it to another node of a cluster is a conflict that `execute` tries again.
    private func lease(now: Timestamp) throws(DatabaseError) -> Bool {
        try connection.execute(
            "INSERT IGNORE INTO consulate_leases (name, holder, expires_at) VALUES ('migrate', ?, ?)", holder, now + Self.leaseSeconds)
        return try connection.execute(
            "UPDATE consulate_leases SET holder = ?, expires_at = ? WHERE name = 'migrate' AND (holder = ? OR expires_at < ?)",
            holder, now + Self.leaseSeconds, holder, now) == 1
    }
}
