import Cryptography
public import MariaDB

/// What the tables are like that a Laravel Passport left: they differ from one version to the next, and by how it was installed.
public struct PassportTables: Sendable {
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

    /// Looks at the tables; `nil` where there are none, and an error where something is missing that nobody can do without.
    public init?(on database: Connection) throws {
        let columns = try Self.columns(on: database)
        guard let clients = columns["oauth_clients"] else { return nil }
        for (table, needed) in Self.needed {
            guard let found = columns[table] else { throw AdoptionError("The table \(table) is missing: Passport's own migrations make it.") }
            for column in needed where found[column] == nil {
                throw AdoptionError("The table \(table) has no column \(column), which Laravel's own has.")
            }
        }
        guard let users = columns["users"], let userID = users["id"], let clientID = clients["id"] else { return nil }
        clientKey = Key(clientID)
        userKey = Key(userID)
        listsGrants = clients["redirect_uris"] != nil
        hasGrants = clients["grant_types"] != nil
        namesProvider = clients["provider"] != nil
        allowsPublicClients = clients["secret"]?.isNullable == true
        namesPersonalClients = columns["oauth_personal_access_clients"] != nil
        keepsDeletedUsers = users["deleted_at"] != nil
    }

    private static let needed = [
        "users": ["id", "name", "email", "password", "created_at", "updated_at"],
        "oauth_clients": ["id", "name", "secret", "revoked", "created_at", "updated_at"],
        "oauth_access_tokens": ["id", "user_id", "client_id", "name", "scopes", "revoked", "created_at", "updated_at", "expires_at"],
        "oauth_auth_codes": ["id", "user_id", "client_id", "scopes", "revoked", "expires_at"],
        "oauth_refresh_tokens": ["id", "access_token_id", "revoked", "expires_at"],
    ]

    /// The versions of Passport that make such tables.
    public var passport: String {
        if listsGrants { return "13" }
        if namesProvider { return "9 to 12" }
        return allowsPublicClients ? "8" : "7 or earlier"
    }

    // MARK: - Columns

    /// One column of a table, as far as it matters.
    struct Column {
        let type: String
        let length: Int?
        let isNullable: Bool

        init(_ row: Row) throws(DatabaseError) {
            type = try row.text("type")
            length = try row.optionalInteger("length")
            isNullable = try row.flag("is_nullable")
        }
    }

    private static func columns(on database: Connection) throws(DatabaseError) -> [String: [String: Column]] {
        let rows = try database.rows(
            """
            SELECT table_name AS table_name, column_name AS name, data_type AS type, character_maximum_length AS length,
                is_nullable = 'YES' AS is_nullable
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name IN ('users', 'oauth_clients', 'oauth_access_tokens', 'oauth_auth_codes',
                'oauth_refresh_tokens', 'oauth_personal_access_clients')
            """)
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

/// Something about a database, or an application, that keeps Consulate from moving in.
public struct AdoptionError: Error, CustomStringConvertible {
    /// One sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
