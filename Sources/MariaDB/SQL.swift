/// The text of a statement, which can only be written as a literal: a string made at run time does not compile here.
public struct SQL: ExpressibleByStringLiteral, Sendable {
    /// What was written.
    public let text: StaticString

    /// Takes the literal.
    public init(stringLiteral text: StaticString) {
        self.text = text
    }
}

extension DatabaseServer {
    /// A statement as it is sent: the names of its tables begin as Laravel's setting `DB_PREFIX` says.
    public func naming(tablesIn statement: String) -> String {
        guard !tablePrefix.isEmpty else { return statement }
        return statement.replacing(#/\b(?:users|migrations|(?:oauth|consulate)_[a-z_]+)\b/#.wordBoundaryKind(.simple)) {
            "\(tablePrefix)\($0.output)"
        }
    }
}
