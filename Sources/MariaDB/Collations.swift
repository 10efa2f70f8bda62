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
        _ = try statement.execute(Array(repeating: .text(prefix), count: 6))
        columns = [:]
        for row in try statement.fetch() {
            columns[try row.text("name")] = Column(
                characterSet: try row.text("characters"), collation: try row.text("collation"))
        }
        hasOneCollation = Set(columns.filter { $0.key.hasSuffix("id") }.values.map(\.collation)).count <= 1
    }

    /// Returns an expression in the collation of a column of a table.
    ///
    /// Ids are converted only if the tables have several collations. Texts are converted only if
    /// the column cannot store every character.
    func converting(_ expression: String, to table: String, _ column: String, onlyIfMixed: Bool) -> String {
        let name = column.split(separator: ".").last ?? ""
        guard let column = columns["\(table).\(name)"] else { return expression }
        guard onlyIfMixed ? !hasOneCollation : column.characterSet != "utf8mb4" else { return expression }
        return "CONVERT(\(expression) USING \(column.characterSet)) COLLATE \(column.collation)"
    }

    private struct Column {
        let characterSet: String
        let collation: String
    }
}
