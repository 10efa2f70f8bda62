import Cryptography
package import MariaDB

/// A description of the tables that a Laravel Passport created.
///
/// The tables depend on the version of Passport and on the way of its installation.
package struct PassportTables: Sendable, CustomStringConvertible {
    /// The type of a table's primary key.
    package enum Key: String, Sendable {
        case integer
        case uuid
        case ulid
    }

    package let clientKey: Key
    package let userKey: Key
    /// Whether the clients are those of Passport 13, with `redirect_uris`, `grant_types` and
    /// `owner_id` instead of `redirect`, two flags and `user_id`.
    package let listsGrants: Bool
    /// Whether `oauth_clients` has a column `grant_types`.
    package let hasGrants: Bool
    /// Whether `oauth_clients` has a column `provider`: Passport 9 and later.
    package let namesProvider: Bool
    /// Whether a client may have no secret: Passport 8 and later.
    package let allowsPublicClients: Bool
    /// Whether a table names the client of personal tokens: Passport 12 and earlier.
    package let namesPersonalClients: Bool
    /// Whether Laravel keeps deleted users and marks them as deleted.
    package let keepsDeletedUsers: Bool
    /// The columns of `users` that need a value for which Consulate does not ask.
    ///
    /// If such a column exists, nobody can register here.
    package let unknownToRegistration: [String]
    /// The name of a table or a column that has the same name as an addition of Consulate.
    ///
    /// This value is meaningful only before the adoption creates the additions.
    package let namesake: String?

    /// Reads the tables.
    ///
    /// Throws an `AdoptionError` with one sentence if a necessary table or column is missing.
    package init(on database: Connection) throws {
        let columns = try Self.columns(on: database)
        guard columns["oauth_clients"] != nil else {
            throw AdoptionError(
                "There are no tables of Laravel Passport here: check DB_DATABASE and DB_PREFIX, or run `consulate install`."
            )
        }
        func found(_ table: String, _ column: String) throws(AdoptionError) -> Column {
            guard let columns = columns[table] else {
                throw AdoptionError("The table \(table) is missing: Passport's own migrations make it.")
            }
            guard let column = columns[column] else {
                throw AdoptionError("The table \(table) has no column \(column), which Laravel's own has.")
            }
            return column
        }
        for (table, needed) in Self.needed { for column in needed { _ = try found(table, column) } }
        let (clients, users) = (columns["oauth_clients"] ?? [:], columns["users"] ?? [:])
        let (clientID, userID) = (try found("oauth_clients", "id"), try found("users", "id"))
        clientKey = Key(clientID)
        userKey = Key(userID)
        listsGrants = clients["redirect_uris"] != nil
        hasGrants = clients["grant_types"] != nil
        namesProvider = clients["provider"] != nil
        allowsPublicClients = clients["secret"]?.isNullable == true
        namesPersonalClients = columns["oauth_personal_access_clients"] != nil
        keepsDeletedUsers = users["deleted_at"] != nil
        let known = Self.needed["users"] ?? []
        unknownToRegistration = users.filter { !known.contains($0.key) && $0.value.isRequired }.map(\.key).sorted()
        namesake = Self.namesake(in: columns)
    }

    /// The tables that Consulate creates itself.
    private init() {
        (clientKey, userKey) = (.uuid, .integer)
        (listsGrants, hasGrants, namesProvider, allowsPublicClients, namesPersonalClients, keepsDeletedUsers) = (
            false, false, true, true, true, false
        )
        (unknownToRegistration, namesake) = ([], nil)
    }

    /// Runs a closure with the tables, which are read once for each connection.
    ///
    /// Reads them again if they have lost a column since, because somebody updated the application.
    package static func withTables<Result>(on database: Connection, _ body: (PassportTables) throws -> Result) throws
        -> Result
    {
        do {
            return try body(known(on: database))
        } catch let error as DatabaseError where error.isUnknownColumn {
            database.forget(PassportTables.self)
            return try body(known(on: database))
        }
    }

    /// Returns the tables, which are read once for each connection.
    package static func known(on database: Connection) throws -> PassportTables {
        guard try database.isAdopted() else { return PassportTables() }
        return try database.remembered { try PassportTables(on: database) }
    }

    private static let needed = [
        "users": ["id", "name", "email", "password", "created_at", "updated_at"],
        "oauth_clients": ["id", "name", "secret", "revoked", "created_at", "updated_at"],
        "oauth_access_tokens": [
            "id", "user_id", "client_id", "name", "scopes", "revoked", "created_at", "updated_at", "expires_at",
        ],
        "oauth_auth_codes": ["id", "user_id", "client_id", "scopes", "revoked", "expires_at"],
        "oauth_refresh_tokens": ["id", "access_token_id", "revoked", "expires_at"],
    ]

    /// The columns that the adoption adds to Passport's tables.
    ///
    /// `undo` removes the last column of this list last.
    package static let addedColumns = [
        (table: "oauth_access_tokens", names: ["grant_type", "family_id", "last_used_at"]),
        (
            table: "oauth_auth_codes",
            names: ["redirect_uri", "code_challenge", "family_id", "address", "user_agent", "authorization"]
        ),
        (table: "oauth_refresh_tokens", names: ["family_id", "rotated_at", "successor_id"]),
        (table: "oauth_clients", names: ["client_metadata", "allowed_grants", "first_party", "internal"]),
    ]

    /// The tables that the adoption creates beside Passport's.
    package static let addedTables = [
        "oauth_refresh_families", "oauth_sessions", "oauth_pending_authorizations", "oauth_cache", "oauth_audit_events",
        "oauth_replays",
        "oauth_known_networks",
    ]

    private static func namesake(in columns: [String: [String: Column]]) -> String? {
        if let table = addedTables.first(where: { columns[$0] != nil }) { return table }
        for (table, names) in addedColumns {
            if let name = names.first(where: { columns[table]?[$0] != nil }) { return "\(table).\(name)" }
        }
        return nil
    }

    /// The versions of Passport that create tables like these.
    package var passport: String {
        if listsGrants { return "13" }
        if namesProvider { return "9 to 12" }
        return allowsPublicClients ? "8" : "7 or earlier"
    }

    /// A description of the tables for people.
    package var description: String {
        "Laravel Passport \(passport): client ids are \(clientKey.rawValue), user ids \(userKey.rawValue)"
    }

    // MARK: - Columns

    /// The properties of a column that matter here.
    package struct Column {
        package let type: String
        package let length: Int?
        package let isNullable: Bool
        /// Whether an INSERT must name the column: it has no default value and cannot be NULL.
        package let isRequired: Bool

        package init(_ row: Row) throws(DatabaseError) {
            type = try row.text("type")
            length = try row.optionalInteger("length")
            isNullable = try row.flag("is_nullable")
            isRequired = try row.flag("is_required")
        }
    }

    private static func columns(on database: Connection) throws(DatabaseError) -> [String: [String: Column]] {
        let rows = try database.rows(
            """
            SELECT table_name AS table_name, column_name AS name, data_type AS type, character_maximum_length AS length,
                is_nullable = 'YES' AS is_nullable,
                is_nullable = 'NO' AND column_default IS NULL AND extra NOT LIKE '%auto_increment%'
                    AND generation_expression IS NULL AS is_required
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND LEFT(table_name,
                CHAR_LENGTH(\(database.tablePrefix))) = \(database.tablePrefix)
                AND FIND_IN_SET(SUBSTRING(table_name, CHAR_LENGTH(\(database.tablePrefix)) + 1),
                    \((needed.keys + ["oauth_personal_access_clients"] + addedTables).joined(separator: ","))) > 0
            """
        )
        var columns: [String: [String: Column]] = [:]
        for row in rows {
            let table = String(try row.text("table_name").dropFirst(database.tablePrefix.count))
            columns[table, default: [:]][try row.text("name")] = try Column(row)
        }
        return columns
    }
}

extension PassportTables.Key {
    package init(_ column: PassportTables.Column) {
        if column.type.hasSuffix("int") {
            self = .integer
        } else {
            self = column.length == 26 ? .ulid : .uuid
        }
    }

    /// Returns a new key as Laravel creates it, or `nil` if MariaDB numbers the rows.
    package func make(now: Timestamp) -> String? {
        switch self {
        case .integer: nil
        case .uuid: Random.uuid()
        case .ulid: Random.ulid(millisecondsSince1970: now.millisecondsSince1970)
        }
    }
}
