import Cryptography
public import MariaDB

/// What the tables are like that a Laravel Passport left: they differ from one version to the next, and by how it was installed.
public struct PassportTables: Sendable, CustomStringConvertible {
    /// What a table's key is.
    public enum Key: String, Sendable {
        case integer
        case uuid
        case ulid
    }

    public let clientKey: Key
    public let userKey: Key
    /// Passport 13: `redirect_uris`, `grant_types` and `owner_id` instead of `redirect`, two flags and `user_id`.
    let listsGrants: Bool
    /// A column `grant_types`.
    let hasGrants: Bool
    /// Passport 9 and later.
    let namesProvider: Bool
    /// Passport 8 and later: a client may have no secret.
    let allowsPublicClients: Bool
    /// Passport 12 and earlier name the client of personal tokens in a table.
    let namesPersonalClients: Bool
    /// Laravel marks users as deleted and keeps them.
    let keepsDeletedUsers: Bool
    /// Columns of `users` that must have a value which nobody gives here, so that nobody can register.
    public let unknownToRegistration: [String]
    /// A column or a table that has the name of one of ours, before ours is made.
    let namesake: String?

    /// Looks at the tables; throws a sentence where something is missing that nobody can do without.
    public init(on database: Connection) throws {
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

    private static let needed = [
        "users": ["id", "name", "email", "password", "created_at", "updated_at"],
        "oauth_clients": ["id", "name", "secret", "revoked", "created_at", "updated_at"],
        "oauth_access_tokens": [
            "id", "user_id", "client_id", "name", "scopes", "revoked", "created_at", "updated_at", "expires_at",
        ],
        "oauth_auth_codes": ["id", "user_id", "client_id", "scopes", "revoked", "expires_at"],
        "oauth_refresh_tokens": ["id", "access_token_id", "revoked", "expires_at"],
    ]

    /// The columns that are added to these tables; the last is the last that `undo` takes away.
    static let addedColumns = [
        (table: "oauth_access_tokens", names: ["grant_type", "family_id", "last_used_at"]),
        (table: "oauth_auth_codes", names: ["redirect_uri", "code_challenge", "family_id", "address", "user_agent"]),
        (table: "oauth_refresh_tokens", names: ["family_id", "rotated_at", "successor_id"]),
        (table: "oauth_clients", names: ["allowed_grants", "first_party", "internal"]),
    ]

    /// The tables that are added beside them.
    static let addedTables = [
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

    /// The versions of Passport that make such tables.
    public var passport: String {
        if listsGrants { return "13" }
        if namesProvider { return "9 to 12" }
        return allowsPublicClients ? "8" : "7 or earlier"
    }

    /// What was found, for people.
    public var description: String {
        "Laravel Passport \(passport): client ids are \(clientKey.rawValue), user ids \(userKey.rawValue)"
    }

    // MARK: - Columns

    /// One column of a table, as far as it matters.
    struct Column {
        let type: String
        let length: Int?
        let isNullable: Bool
        /// There is neither a default nor NULL for who leaves it out.
        let isRequired: Bool

        init(_ row: Row) throws(DatabaseError) {
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
                is_nullable = 'NO' AND column_default IS NULL AND extra NOT LIKE '%auto_increment%' AND generation_expression IS NULL AS is_required
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND LEFT(table_name, CHAR_LENGTH(?)) = ?
                AND FIND_IN_SET(SUBSTRING(table_name, CHAR_LENGTH(?) + 1), ?) > 0
            """, database.tablePrefix, database.tablePrefix, database.tablePrefix,
            (needed.keys + ["oauth_personal_access_clients"] + addedTables).joined(separator: ","))
        var columns: [String: [String: Column]] = [:]
        for row in rows {
            let table = String(try row.text("table_name").dropFirst(database.tablePrefix.count))
            columns[table, default: [:]][try row.text("name")] = try Column(row)
        }
        return columns
    }
}

extension PassportTables.Key {
    init(_ column: PassportTables.Column) {
        if column.type.hasSuffix("int") {
            self = .integer
        } else {
            self = column.length == 26 ? .ulid : .uuid
        }
    }

    /// A new one, as Laravel makes it; `nil`: MariaDB numbers the rows.
    func make(now: Timestamp) -> String? {
        switch self {
        case .integer: nil
        case .uuid: Random.uuid()
        case .ulid: Random.ulid(millisecondsSince1970: now.millisecondsSince1970)
        }
    }
}
