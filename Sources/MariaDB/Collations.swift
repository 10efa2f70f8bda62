import CMariaDB

/// The collations of the id columns, if an application's tables have several, and the character
/// sets of the columns by which users are found.
///
/// MariaDB refuses to compare columns of two collations (its error 1267). If MariaDB converts a
/// character set itself, it cannot use the index of that column. So a statement converts its own id
/// to the collation of the id that it looks for.
struct Collations {
    /// The columns by `table.column`, without the table prefix.
    private var columns: [String: Column]
    private var hasOneCollation = true

    /// The value for tables that need no conversion.
    static let none = Collations()

    private init() {
        columns = [:]
    }

    /// Examines the tables of Laravel and of its Passport.
    init(_ prefix: String, on connection: UnsafeMutablePointer<MYSQL>) throws(DatabaseError) {
        let statement = unsafe try Statement(
            """
            SELECT CONCAT(SUBSTRING(table_name, CHAR_LENGTH(?) + 1), '.', column_name) AS name,
                character_set_name AS characters,
                collation_name AS collation
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND collation_name IS NOT NULL
                AND column_name IN ('id', 'user_id', 'client_id', 'access_token_id', 'email', 'name')
                AND table_name IN (CONCAT(?, 'users'), CONCAT(?, 'oauth_clients'), CONCAT(?, 'oauth_access_tokens'),
                    CONCAT(?, 'oauth_auth_codes'), CONCAT(?, 'oauth_refresh_tokens'))
            """, on: connection)
        _ = try statement.execute(Array(repeating: prefix, count: 6))
        columns = [:]
        for row in try statement.fetch() {
            columns[try row.text("name")] = Column(
                characterSet: try row.text("characters"), collation: try row.text("collation"))
        }
        hasOneCollation = Set(columns.filter { $0.key.hasSuffix("id") }.values.map(\.collation)).count <= 1
    }

    /// Returns a statement with the collations and character sets of the tables.
    ///
    /// Each `t.id = r.other_id` of two tables names the collation of its left side, because MariaDB
    /// must use the index of the left side. A text by which a user is found is converted to the
    /// character set of the column.
    func naming(in statement: String) -> String {
        guard !columns.isEmpty else { return statement }
        return namingIDs(in: statement.contains(" FROM consulate_users") ? namingTexts(in: statement) : statement)
    }

    private func namingIDs(in statement: String) -> String {
        guard !hasOneCollation else { return statement }
        var tables: [Substring: String] = [:]
        for match in statement.matches(of: #/\b(?:consulate|oauth)_(\w+) (\w+)\b/#) {
            tables[match.2] = match.1 == "users" ? "users" : "oauth_\(match.1)"
        }
        return statement.replacing(#/\b(\w+)\.(\w+) = (\w+\.\w+)\b/#) { match in
            guard let column = tables[match.1].flatMap({ columns["\($0).\(match.2)"] }) else { return String(match.0) }
            return "\(match.1).\(match.2) = \(column.converting(match.3))"
        }
    }

    /// Converts each text by which a user is found to the character set of its column.
    ///
    /// A character that the set lacks becomes `?`.
    private func namingTexts(in statement: String) -> String {
        statement.replacing(#/\b(email|name) (?:= |IN \()[?, ]+/#) { match in
            guard let column = columns["users.\(match.1)"], column.characterSet != "utf8mb4" else {
                return String(match.0)
            }
            return String(match.0).replacing("?", with: column.converting("?"))
        }
    }

    private struct Column {
        let characterSet: String
        let collation: String

        func converting(_ value: some StringProtocol) -> String {
            "CONVERT(\(value) USING \(characterSet)) COLLATE \(collation)"
        }
    }
}
