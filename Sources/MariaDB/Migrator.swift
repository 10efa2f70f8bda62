/// One file of `sql/`: a single statement that can run twice without harm.
package struct Migration: Sendable {
    package let name: String
    package let text: String

    /// Creates a migration with the name of its file: `0001_create_users`.
    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// A migrator that brings a schema up to date, on one host at a time.
package struct Migrator {
    private let server: DatabaseServer
    private let connection: Connection
    private let migrations: [Migration]
    private let holder: String

    /// Creates a migrator with a connection of its own, which has no read timeout.
    ///
    /// `holder` must differ from the holder of every other migrator.
    package init(to server: DatabaseServer, migrations: [Migration], holder: String) {
        self.server = server
        connection = Connection(to: server.patient)
        self.migrations = migrations
        self.holder = holder
    }

    /// Returns the migrations that the database does not have yet.
    package func pending() throws(DatabaseError) -> [Migration] {
        let applied = try applied()
        return migrations.filter { !applied.contains($0.name) }
    }

    /// Returns the migrations that the database has and this program does not know.
    ///
    /// If any exist, the database belongs to a newer program.
    package func unknown() throws(DatabaseError) -> [String] {
        try applied().filter { name in !migrations.contains { $0.name == name } }
    }

    /// Returns the names of the applied migrations, or no names if the database has no record of
    /// them.
    private func applied() throws(DatabaseError) -> [String] {
        guard try connection.hasTable(.migrations) else { return [] }
        return try connection.rows("SELECT name FROM \(.migrations)").map { row throws(DatabaseError) in
            try row.text("name")
        }
    }

    /// Applies the pending migrations in order and returns them.
    ///
    /// Calls `progress` with each migration before it runs. Waits while another migrator is at
    /// work. Calls `waiting` once with that migrator and with the time at which its lease ends if
    /// it is dead.
    package func migrate(
        clock: () -> Timestamp, wait: () -> Void, waiting: (_ holder: String, _ until: Timestamp) -> Void = { _, _ in },
        progress: (Migration) -> Void = { _ in }
    ) throws(DatabaseError) -> [Migration] {
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS \(.migrations) (
                name VARCHAR(191) NOT NULL PRIMARY KEY, applied_at DATETIME NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='What of sql/ has been applied'
            """)
        try Lease.prepare(on: connection)
        let lease = Lease(of: holder, on: server)
        var told: String?
        while let other = try lease.take(on: connection) {
            if told != other.holder { waiting(other.holder, other.until) }
            told = other.holder
            wait()
        }
        defer { lease.end(on: connection) }
        let pending = try pending()
        for migration in pending {
            guard lease.isOurs else {
                throw DatabaseError(code: 0, message: "another migrator took over; run it again")
            }
            progress(migration)
            try connection.alter(migration, wait: wait)
            try connection.execute(
                "INSERT INTO \(.migrations) (name, applied_at) VALUES (\(migration.name), \(clock()))")
        }
        return pending
    }
}

extension Table {
    package static let migrations = Table("consulate_migrations")
    package static let adoptions = Table("consulate_adoptions")
}
