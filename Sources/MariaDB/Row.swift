/// One row of a result, read by the names of its columns.
package struct Row: Sendable {
    let columns: [String]
    let values: [BoundValue]

    /// Returns the columns with this prefix in their names, and removes the prefix.
    ///
    /// A row can describe several things, and the prefix selects one of them.
    package func part(_ prefix: String) -> Row {
        let indices = columns.indices.filter { columns[$0].hasPrefix(prefix) }
        return Row(
            columns: indices.map { String(columns[$0].dropFirst(prefix.count)) }, values: indices.map { values[$0] })
    }

    /// Returns a text that is never NULL.
    package func text(_ column: String) throws(DatabaseError) -> String {
        guard let text = try optionalText(column) else { throw .mismatch(column) }
        return text
    }

    /// Returns a text, or `nil` for NULL.
    ///
    /// A whole number is returned as its digits, because an adopted id may be a number or a text.
    package func optionalText(_ column: String) throws(DatabaseError) -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let text): text
        case .integer(let number): String(number)
        case .time(let time): time.sql
        case .bytes: throw .mismatch(column)
        }
    }

    /// Returns a whole number that is never NULL.
    package func integer(_ column: String) throws(DatabaseError) -> Int {
        guard let number = try optionalInteger(column) else { throw .mismatch(column) }
        return number
    }

    /// Returns a whole number, or `nil` for NULL.
    package func optionalInteger(_ column: String) throws(DatabaseError) -> Int? {
        switch try value(column) {
        case .null: nil
        case .integer(let number): Int(number)
        default: throw .mismatch(column)
        }
    }

    /// Returns a flag, and `false` for NULL.
    package func flag(_ column: String) throws(DatabaseError) -> Bool {
        try optionalInteger(column) ?? 0 != 0
    }

    /// Returns a moment, or `nil` for NULL.
    package func optionalTime(_ column: String) throws(DatabaseError) -> Timestamp? {
        switch try value(column) {
        case .null: nil
        case .time(let time): time
        default: throw .mismatch(column)
        }
    }

    /// Returns a moment that is never NULL.
    package func time(_ column: String) throws(DatabaseError) -> Timestamp {
        guard let time = try optionalTime(column) else { throw .mismatch(column) }
        return time
    }

    private func value(_ column: String) throws(DatabaseError) -> BoundValue {
        guard let index = columns.firstIndex(of: column) else { throw .mismatch(column) }
        return values[index]
    }
}
