public import MariaDB

/// Moving in with a Laravel Passport: what is added to its tables, and how it is taken away again.
///
/// Nothing that Laravel needs is changed or deleted. Columns are added at once and indexes while others write; each statement may be run again, so that what was interrupted goes on.
public struct Adoption {
    private let database: Connection

    /// Works on a connection.
    public init(_ database: Connection) {
        self.database = database
    }

    /// Whether Consulate has moved in here.
    public func isBegun() throws(DatabaseError) -> Bool {
        try database.hasTable("consulate_adoptions")
    }

    /// Whether there are tables of Passport's in which Consulate has not moved in, and that it did not make.
    public func isDue() throws(DatabaseError) -> Bool {
        guard try database.hasTable("oauth_clients") else { return false }
        return try !database.hasTable("consulate_migrations")
    }

    /// Notes that Consulate moves in with a version of Passport, so that it can be undone; with another version than before, every statement runs again.
    ///
    /// Throws a sentence where something has the name of what would be added: it would be taken for ours, and dropped with it.
    public func begin(_ tables: PassportTables, now: Timestamp) throws {
        let known = try passport()
        guard known != tables.passport else { return }
        if known == nil {
            try checkNames(tables)
            try database.execute(Self.record)
        } else {
            try database.execute("DELETE FROM consulate_migrations")
        }
        try database.execute(
            """
            INSERT INTO consulate_adoptions (adopted_at, passport, next_client)
            SELECT ?, ?, auto_increment FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name = CONCAT(?, 'oauth_clients')
            """, now, tables.passport, database.tablePrefix)
    }

    /// Throws a sentence where something has the name of what would be added.
    public func checkNames(_ tables: PassportTables) throws {
        guard try !isBegun(), let namesake = tables.namesake else { return }
        throw AdoptionError("There is \(namesake) already, which Consulate would take for its own: rename it.")
    }

    /// The version of Passport that Consulate moved in with last; `nil`: with none.
    public func passport() throws(DatabaseError) -> String? {
        guard try isBegun() else { return nil }
        return try database.row("SELECT passport FROM consulate_adoptions ORDER BY id DESC LIMIT 1")?.text("passport")
    }

    /// The statement that makes the table of what `begin` notes.
    public static let record: SQL = """
        CREATE TABLE IF NOT EXISTS consulate_adoptions (
            id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, adopted_at DATETIME NOT NULL, passport VARCHAR(20) NOT NULL, next_client BIGINT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='When Consulate moved in with which Passport'
        """

    /// The class names of owners that are no users, whose clients have no owner here; only Passport 13 has such.
    public func foreignOwners(_ tables: PassportTables) throws(DatabaseError) -> [String] {
        guard tables.listsGrants else { return [] }
        return try database.rows(
            "SELECT DISTINCT owner_type FROM oauth_clients WHERE owner_type <> ?", PassportTables.ownerType
        ).map {
            row throws(DatabaseError) in try row.text("owner_type")
        }
    }

    /// The providers of clients whose users are in another table, which are left to Passport.
    public func foreignProviders(_ tables: PassportTables) throws(DatabaseError) -> [String] {
        guard tables.namesProvider else { return [] }
        return try database.rows("SELECT DISTINCT provider FROM oauth_clients WHERE provider <> 'users'").map {
            row throws(DatabaseError) in try row.text("provider")
        }
    }

    /// How many users have no password, no email or no name: Laravel leaves them NULL after a
    /// social sign-in.
    public func incompleteUsers() throws(DatabaseError) -> (password: Int, email: Int, name: Int) {
        let row = try database.row(
            """
            SELECT SUM(COALESCE(password, '') = '') AS password, SUM(COALESCE(email, '') = '') AS email,
                SUM(COALESCE(name, '') = '') AS name
            FROM users
            """)
        func count(_ column: String) throws(DatabaseError) -> Int {
            try row?.optionalText(column).flatMap { Int($0) } ?? 0
        }
        return (try count("password"), try count("email"), try count("name"))
    }

    /// The time zone of the server, which Laravel leaves its connections in: an offset or a name.
    public func timeZone() throws(DatabaseError) -> String {
        let row = try database.row(
            "SELECT IF(@@global.time_zone = 'SYSTEM', @@system_time_zone, @@global.time_zone) AS zone")
        return try row?.text("zone") ?? ""
    }

    /// Whether Laravel's table takes two emails for one that differ in an accent, or in the case of
    /// a letter: its collation says so.
    public func equalEmails() throws(DatabaseError) -> (accents: Bool, cases: Bool) {
        let row = try database.row(
            """
            SELECT COUNT(DISTINCT IF(email LIKE 'j%', email, NULL)) AS accents,
                COUNT(DISTINCT IF(email LIKE 'a%', email, NULL)) AS cases
            FROM ((SELECT email FROM users LIMIT 0) UNION ALL SELECT 'jose' UNION ALL SELECT 'josé' UNION ALL
                SELECT 'ada' UNION ALL SELECT 'adA') e
            """)
        return (try row?.integer("accents") == 1, try row?.integer("cases") == 1)
    }

    /// The scopes that live tokens have, which should be in `SCOPES`.
    public func grantedScopes(now: Timestamp) throws(DatabaseError) -> [String] {
        let lists = try database.rows(
            "SELECT DISTINCT scopes FROM oauth_access_tokens WHERE revoked = 0 AND expires_at > ? AND scopes IS NOT NULL",
            now
        ).map { row throws(DatabaseError) in [String](storedAs: try row.text("scopes")) }
        return Set(lists.joined()).subtracting(["*"]).sorted()
    }

    /// What `sql/` does to a database of our own, done to these tables.
    public func migrations(_ tables: PassportTables) throws(DatabaseError) -> [Migration] {
        tables.migrations(besides: try indexed())
    }

    /// The columns that an index of the shop's begins with: `oauth_access_tokens.client_id`.
    ///
    /// A foreign key has an index, which MariaDB takes away where another one could serve it: ours
    /// is made only where there is none.
    private func indexed() throws(DatabaseError) -> Set<String> {
        let rows = try database.rows(
            """
            SELECT DISTINCT CONCAT(SUBSTRING(table_name, CHAR_LENGTH(?) + 1), '.', column_name) AS name
                FROM information_schema.statistics
            WHERE table_schema = DATABASE() AND LEFT(table_name, CHAR_LENGTH(?)) = ? AND seq_in_index = 1
                AND LEFT(index_name, 10) <> 'consulate_'
            """, database.tablePrefix, database.tablePrefix, database.tablePrefix)
        return Set(try rows.map { row throws(DatabaseError) in try row.text("name") })
    }

    // MARK: - The way back

    /// Whether the way back was begun and not finished.
    public func isHalfUndone() throws(DatabaseError) -> Bool {
        guard try isBegun() else { return false }
        return try !database.hasTable("consulate_migrations")
    }

    /// Takes away what was added, and ends what was signed in here; what was issued to others stays, and Passport goes on accepting it.
    ///
    /// It calls back with each statement before it runs.
    public func undo(wait: () -> Void, progress: (Migration) throws -> Void) throws {
        for statement in try undoing() {
            try progress(statement)
            try database.alter(statement, wait: wait)
        }
    }

    /// What `undo` runs, in order; begun once, it can only be finished, or begun anew with `adopt`.
    public func undoing() throws -> [Migration] {
        guard try isBegun() else {
            throw AdoptionError("Consulate has not moved in here, so there is nothing to undo.")
        }
        let isWhole =
            try database.row(
                """
                SELECT 1 FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = CONCAT(?, 'oauth_clients') AND column_name = 'internal'
                """, database.tablePrefix) != nil
        // Numbers go on where Laravel had come to, or behind the clients that were made since: an id is never given twice while a token names it.
        let next = try database.row("SELECT MIN(next_client) AS next FROM consulate_adoptions")?.optionalInteger("next")
        let counter = next.map { "ALTER TABLE oauth_clients AUTO_INCREMENT = \($0)" }
        let (rows, keys) = (isWhole ? Self.rows : [], try foreignKeys())
        let texts = rows + Self.views + keys + Self.indexes + Self.columns + [counter].compactMap { $0 } + Self.tables
        return texts.map { Migration(name: "undo", text: $0) }
    }

    /// Leaves an index to each foreign key of the shop's that has come since and has none but ours,
    /// under the name that MariaDB would have given it.
    private func foreignKeys() throws(DatabaseError) -> [String] {
        try database.rows(
            """
            SELECT DISTINCT SUBSTRING(k.table_name, CHAR_LENGTH(?) + 1) AS name, k.constraint_name AS foreign_key,
                s.index_name AS ours
            FROM information_schema.key_column_usage k JOIN information_schema.statistics s
                ON s.table_schema = k.table_schema AND s.table_name = k.table_name AND s.column_name = k.column_name AND s.seq_in_index = 1
            WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL AND k.ordinal_position = 1
                AND LEFT(s.index_name, 10) = 'consulate_' AND NOT EXISTS (
                    SELECT 1 FROM information_schema.statistics o
                    WHERE o.table_schema = k.table_schema AND o.table_name = k.table_name
                        AND o.column_name = k.column_name
                        AND o.seq_in_index = 1 AND LEFT(o.index_name, 10) <> 'consulate_')
            """, database.tablePrefix
        ).map { row throws(DatabaseError) in
            "ALTER TABLE \(try row.text("name")) RENAME INDEX \(try row.text("ours")) TO `\(try row.text("foreign_key"))`, LOCK=NONE"
        }
    }

    private static let rows = [
        // Nobody can sign in here from now on, and a responder that is started says what it lacks.
        "UPDATE oauth_clients SET revoked = 1 WHERE internal = 'sign-in'",
        "DROP TABLE IF EXISTS consulate_migrations",
        """
        DELETE r FROM oauth_refresh_tokens r JOIN oauth_access_tokens t ON r.access_token_id = t.id
            JOIN oauth_clients c ON t.client_id = c.id
        WHERE c.internal = 'sign-in'
        """,
        "DELETE t FROM oauth_access_tokens t JOIN oauth_clients c ON t.client_id = c.id WHERE c.internal = 'sign-in'",
        // A foreign key would keep the client that they name.
        """
        DELETE t FROM oauth_access_tokens t JOIN oauth_clients c ON t.client_id = c.id
        WHERE c.internal = 'personal' AND c.first_party = 1 AND t.revoked = 1
        """,
        """
        DELETE FROM oauth_clients
        WHERE internal = 'sign-in'
            OR internal = 'personal' AND first_party = 1
                AND NOT EXISTS (SELECT 1 FROM oauth_access_tokens t
                    WHERE t.client_id = oauth_clients.id AND t.revoked = 0)
        """,
    ]

    private static let views = ["DROP VIEW IF EXISTS consulate_clients", "DROP VIEW IF EXISTS consulate_users"]

    private static let indexes = [
        "ALTER TABLE users DROP INDEX IF EXISTS consulate_users_name, LOCK=NONE",
        """
        ALTER TABLE oauth_access_tokens DROP INDEX IF EXISTS consulate_access_tokens_family,
            DROP INDEX IF EXISTS consulate_access_tokens_client,
            DROP INDEX IF EXISTS consulate_access_tokens_expiry, LOCK=NONE
        """,
        """
        ALTER TABLE oauth_auth_codes DROP INDEX IF EXISTS consulate_auth_codes_client,
            DROP INDEX IF EXISTS consulate_auth_codes_expiry, LOCK=NONE
        """,
        """
        ALTER TABLE oauth_refresh_tokens DROP INDEX IF EXISTS consulate_refresh_tokens_family,
            DROP INDEX IF EXISTS consulate_refresh_tokens_expiry,
            LOCK=NONE
        """,
        "ALTER TABLE oauth_clients DROP INDEX IF EXISTS consulate_clients_internal, LOCK=NONE",
    ]

    private static let columns = PassportTables.addedColumns.map { table, names in
        "ALTER TABLE \(table) \(names.map { "DROP COLUMN IF EXISTS \($0)" }.joined(separator: ", ")), LOCK=NONE"
    }

    private static let tables =
        (PassportTables.addedTables + ["consulate_migrations", "consulate_leases", "consulate_adoptions"]).map {
            "DROP TABLE IF EXISTS \($0)"
        }
}
