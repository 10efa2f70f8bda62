package import MariaDB

/// The adoption of a Laravel Passport's tables: what it adds to them, and how it removes the
/// additions.
///
/// The adoption changes and deletes nothing that Laravel needs. MariaDB adds the columns instantly,
/// and adds the indexes while other clients write. Each statement may run again, so that an
/// interrupted adoption can continue.
package struct Adoption {
    private let database: Connection

    /// Creates an adoption that uses this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Returns whether Consulate has moved in with the Passport of this database.
    package func isBegun() throws(DatabaseError) -> Bool {
        try database.hasTable(.adoptions)
    }

    /// Returns whether there are tables of Passport that Consulate has neither adopted nor created.
    package func isDue() throws(DatabaseError) -> Bool {
        guard try database.hasTable(.clientTable) else { return false }
        return try !database.hasTable(.migrations)
    }

    /// Records that Consulate moves in with a version of Passport, so that `undo` is possible.
    ///
    /// If the version differs from the recorded version, every statement will run again. Throws an
    /// `AdoptionError` with one sentence if a table or a column already has the name of an
    /// addition. Consulate would take it for its own, and `undo` would drop it.
    package func begin(_ tables: PassportTables, now: Timestamp) throws {
        let known = try passport()
        guard known != tables.passport else { return }
        if known == nil {
            try checkNames(tables)
            try database.execute(Self.record)
        } else {
            try database.execute("DELETE FROM \(.migrations)")
        }
        try database.execute(
            """
            INSERT INTO \(.adoptions) (adopted_at, passport, next_client)
            SELECT \(now), \(tables.passport), auto_increment FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name = CONCAT(\(database.tablePrefix), 'oauth_clients')
            """
        )
    }

    /// Throws an `AdoptionError` with one sentence if a table or a column already has the name of
    /// an addition.
    package func checkNames(_ tables: PassportTables) throws {
        guard try !isBegun(), let namesake = tables.namesake else { return }
        throw AdoptionError("\(namesake) exists already, and Consulate would use it as its own: rename it.")
    }

    /// Returns the version of Passport that Consulate moved in with last, or `nil` if it moved in
    /// with none.
    package func passport() throws(DatabaseError) -> String? {
        guard try isBegun() else { return nil }
        return try database.row("SELECT passport FROM \(.adoptions) ORDER BY id DESC LIMIT 1")?.text("passport")
    }

    /// The statement that creates the table for the records of `begin`.
    package static let record: SQL = """
        CREATE TABLE IF NOT EXISTS \(.adoptions) (
            id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, adopted_at DATETIME NOT NULL,
                passport VARCHAR(20) NOT NULL, next_client BIGINT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='When Consulate moved in with which Passport'
        """

    /// Returns the class names of client owners that are not users.
    ///
    /// The clients of these owners have no owner in Consulate. Only Passport 13 has owners of other
    /// classes.
    package func foreignOwners(_ tables: PassportTables) throws(DatabaseError) -> [String] {
        guard tables.listsGrants else { return [] }
        return try database.rows(
            "SELECT DISTINCT owner_type FROM \(.clientTable) WHERE owner_type <> \(PassportTables.ownerType)"
        ).map {
            row throws(DatabaseError) in try row.text("owner_type")
        }
    }

    /// Returns the providers that keep their users in another table.
    ///
    /// Consulate leaves the clients of these providers to Passport.
    package func foreignProviders(_ tables: PassportTables) throws(DatabaseError) -> [String] {
        guard tables.namesProvider else { return [] }
        return try database.rows("SELECT DISTINCT provider FROM \(.clientTable) WHERE provider <> 'users'").map {
            row throws(DatabaseError) in try row.text("provider")
        }
    }

    /// Returns how many users have no password, how many have no email, and how many have no name.
    ///
    /// Laravel leaves these columns NULL after a social sign-in.
    package func incompleteUsers() throws(DatabaseError) -> (password: Int, email: Int, name: Int) {
        let row = try database.row(
            """
            SELECT SUM(COALESCE(password, '') = '') AS password, SUM(COALESCE(email, '') = '') AS email,
                SUM(COALESCE(name, '') = '') AS name
            FROM \(.userTable)
            """
        )
        func count(_ column: String) throws(DatabaseError) -> Int {
            try row?.optionalText(column).flatMap { Int($0) } ?? 0
        }
        return (try count("password"), try count("email"), try count("name"))
    }

    /// Returns the time zone of the database server, as an offset or a name.
    ///
    /// Laravel leaves its connections in this time zone.
    package func timeZone() throws(DatabaseError) -> String {
        let row = try database.row(
            "SELECT IF(@@global.time_zone = 'SYSTEM', @@system_time_zone, @@global.time_zone) AS zone")
        return try row?.text("zone") ?? ""
    }

    /// Returns whether two emails are equal in Laravel's table if they differ only in an accent, or
    /// only in the case of a letter.
    ///
    /// The collation of the table decides this.
    package func equalEmails() throws(DatabaseError) -> (accents: Bool, cases: Bool) {
        let row = try database.row(
            """
            SELECT COUNT(DISTINCT IF(email LIKE 'j%', email, NULL)) AS accents,
                COUNT(DISTINCT IF(email LIKE 'a%', email, NULL)) AS cases
            FROM ((SELECT email FROM \(.userTable) LIMIT 0) UNION ALL SELECT 'jose' UNION ALL SELECT 'josé' UNION ALL
                SELECT 'ada' UNION ALL SELECT 'adA') e
            """
        )
        return (try row?.integer("accents") == 1, try row?.integer("cases") == 1)
    }

    /// Returns the scopes of live tokens, which should be in `SCOPES`.
    package func grantedScopes(now: Timestamp) throws(DatabaseError) -> [String] {
        let lists = try database.rows(
            """
            SELECT DISTINCT scopes FROM \(.accessTokens) WHERE revoked = 0 AND expires_at > \(now)
                AND scopes IS NOT NULL
            """
        ).map { row throws(DatabaseError) in [String](storedAs: try row.text("scopes")) }
        return Set(lists.joined()).subtracting(["*"]).sorted()
    }

    /// Returns the migrations of `sql/` in the form that Passport's tables need.
    package func migrations(_ tables: PassportTables) throws(DatabaseError) -> [Migration] {
        tables.migrations(besides: try indexed())
    }

    /// Returns the columns that come first in an index of the shop, such as
    /// `oauth_access_tokens.client_id`.
    ///
    /// A foreign key has an index. MariaDB deletes this index if another index can serve the
    /// foreign key. So Consulate creates an index only where the shop has none.
    private func indexed() throws(DatabaseError) -> Set<String> {
        let rows = try database.rows(
            """
            SELECT DISTINCT CONCAT(SUBSTRING(table_name, CHAR_LENGTH(\(database.tablePrefix)) + 1), '.',
                column_name) AS name
                FROM information_schema.statistics
            WHERE table_schema = DATABASE() AND LEFT(table_name,
                CHAR_LENGTH(\(database.tablePrefix))) = \(database.tablePrefix) AND seq_in_index = 1
                AND LEFT(index_name, 10) <> 'consulate_'
            """
        )
        return Set(try rows.map { row throws(DatabaseError) in try row.text("name") })
    }

    // MARK: - Undo

    /// Returns whether an `undo` was begun and is not finished.
    package func isHalfUndone() throws(DatabaseError) -> Bool {
        guard try isBegun() else { return false }
        return try !database.hasTable(.migrations)
    }

    /// Removes everything that the adoption added, and ends all sign-ins at Consulate.
    ///
    /// Tokens that Consulate issued to other clients stay, and Passport continues to accept them.
    /// Calls `progress` with each statement before the statement runs.
    package func undo(wait: () -> Void, progress: (Migration) throws -> Void) throws {
        for statement in try undoing() {
            try progress(statement)
            try database.alter(statement, wait: wait)
        }
    }

    /// Returns the statements that `undo` runs, in order.
    ///
    /// After an interrupted `undo` there are only two ways to continue: finish it, or run `adopt`
    /// again.
    package func undoing() throws -> [Migration] {
        guard try isBegun() else {
            throw AdoptionError("Consulate has not moved in here, so there is nothing to undo.")
        }
        let isWhole =
            try database.row(
                """
                SELECT 1 FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = CONCAT(\(database.tablePrefix), 'oauth_clients')
                    AND column_name = 'internal'
                """
            ) != nil
        // The ids of new clients continue from Laravel's last counter, or after the clients that
        // were created since. So an id is never assigned twice while a token names it.
        let next = try database.row("SELECT MIN(next_client) AS next FROM \(.adoptions)")?.optionalInteger("next")
        let counter = next.map { "ALTER TABLE oauth_clients AUTO_INCREMENT = \($0)" }
        let (rows, keys) = (isWhole ? try Self.rows.map(database.migrationText) : [], try foreignKeys())
        let texts = rows + Self.views + keys + Self.indexes + Self.columns + [counter].compactMap { $0 } + Self.tables
        return texts.map { Migration(name: "undo", text: $0) }
    }

    /// Returns the statements that keep an index for each foreign key that the shop created after
    /// the adoption.
    ///
    /// These foreign keys have no index except Consulate's. The statements rename this index to the
    /// name that MariaDB would have given to an index of the foreign key.
    private func foreignKeys() throws(DatabaseError) -> [String] {
        try database.rows(
            """
            SELECT DISTINCT SUBSTRING(k.table_name, CHAR_LENGTH(\(database.tablePrefix)) + 1) AS name,
                k.constraint_name AS foreign_key,
                s.index_name AS ours
            FROM information_schema.key_column_usage k JOIN information_schema.statistics s
                ON s.table_schema = k.table_schema AND s.table_name = k.table_name
                    AND s.column_name = k.column_name AND s.seq_in_index = 1
            WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL AND k.ordinal_position = 1
                AND LEFT(s.index_name, 10) = 'consulate_' AND NOT EXISTS (
                    SELECT 1 FROM information_schema.statistics o
                    WHERE o.table_schema = k.table_schema AND o.table_name = k.table_name
                        AND o.column_name = k.column_name
                        AND o.seq_in_index = 1 AND LEFT(o.index_name, 10) <> 'consulate_')
            """
        ).map { row throws(DatabaseError) in
            "ALTER TABLE \(try row.text("name")) RENAME INDEX \(try row.text("ours")) TO `\(try row.text("foreign_key"))`, LOCK=NONE"
        }
    }

    private static let rows: [SQL] = [
        // After these two statements, nobody can sign in here, and a responder that starts reports
        // the missing migrations.
        "UPDATE \(.clientTable) SET revoked = 1 WHERE internal = 'sign-in'",
        "DROP TABLE IF EXISTS \(.migrations)",
        """
        DELETE r FROM \(.refreshTokens) r JOIN \(.accessTokens) t
            ON \(.refreshTokens, "r.access_token_id", joins: "t.id")
            JOIN \(.clientTable) c ON \(.accessTokens, "t.client_id", joins: "c.id")
        WHERE c.internal = 'sign-in'
        """,
        """
        DELETE t FROM \(.accessTokens) t JOIN \(.clientTable) c ON \(.accessTokens, "t.client_id", joins: "c.id")
            WHERE c.internal = 'sign-in'
        """,
        // A foreign key would prevent the deletion of the client that these tokens name.
        """
        DELETE t FROM \(.accessTokens) t JOIN \(.clientTable) c ON \(.accessTokens, "t.client_id", joins: "c.id")
        WHERE c.internal = 'personal' AND c.first_party = 1 AND t.revoked = 1
        """,
        """
        DELETE c FROM \(.clientTable) c
        WHERE c.internal = 'sign-in'
            OR c.internal = 'personal' AND c.first_party = 1
                AND NOT EXISTS (SELECT 1 FROM \(.accessTokens) t
                    WHERE \(.accessTokens, "t.client_id", joins: "c.id") AND t.revoked = 0)
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
