/// The names of the tables of one database, and the comparisons of their columns.
///
/// They are chosen once for each connection.
struct Names {
    /// The prefix of all table names.
    private(set) var prefix: String
    /// Whether Consulate created the tables, and not an application.
    var areOwn = false
    var collations = Collations.none

    init(prefix: String) {
        self.prefix = prefix
    }

    /// The same names without the prefix.
    var withoutPrefix: Names {
        var names = self
        names.prefix = ""
        return names
    }

    /// Returns the text of a statement, with a `?` for each value.
    func text(of sql: SQL) -> String {
        var text = ""
        for (index, piece) in sql.pieces.enumerated() {
            func argument(_ number: Int) -> String { sql.pieces[index + number].text }
            switch piece.kind {
            case .text, .value: text += piece.text
            case .table: text += prefix + (areOwn || argument(1).isEmpty ? piece.text : argument(1))
            case .join:
                let other = collations.converting(argument(1), to: argument(2), piece.text, onlyIfMixed: true)
                text += "\(piece.text) = \(other)"
            case .valueOf: text += collations.converting("?", to: argument(1), piece.text, onlyIfMixed: false)
            case .argument: break
            }
        }
        return text
    }
}
