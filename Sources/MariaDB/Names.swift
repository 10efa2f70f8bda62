/// The names of the tables of one database, and the comparisons of their columns.
///
/// They are chosen once for each connection.
struct Names {
    /// The prefix of all table names.
    let prefix: String
    /// Whether Consulate created the tables, and not an application.
    var areOwn = false
    var collations = Collations.none

    init(prefix: String) {
        self.prefix = prefix
    }

    /// Returns the text of a statement, with a `?` for each value.
    func text(of sql: SQL) -> String {
        sql.pieces.map(text).joined()
    }

    private func text(of piece: SQL.Piece) -> String {
        switch piece {
        case .text(let literal): literal.text.description
        case .table(let table): prefix + (areOwn ? table.name : table.view ?? table.name).text.description
        case .value: "?"
        case .join(let table, let column, let other):
            "\(column.text) = \(collations.converting("\(other.text)", to: table, column, onlyIfMixed: true))"
        case .valueOf(let table, let column): collations.converting("?", to: table, column, onlyIfMixed: false)
        }
    }
}
