/// One row of a result, read by the names of its columns.
public struct Row: Sendable {
    let columns: [String]
    let values: [BoundValue]

    /// The columns whose names begin so, named without that: one of several things that a row tells of.
    public func part(_ prefix: String) -> Row {
        let indices = columns.indices.filter { columns[$0].hasPrefix(prefix) }
        return Row(
            columns: indices.map { String(columns[$0].dropFirst(prefix.count)) }, values: indices.map { values[$0] })
    }

    /// A text that is never NULL.
    public func text(_ column: String) throws(DatabaseError) -> String {
        guard let text = try optionalText(column) else { throw .mismatch(column) }
        return text
    }

    /// A text, or NULL; a whole number is given as its digits, since an adopted id may be either.
    public func optionalText(_ column: String) throws(DatabaseError) -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let text): text
        case .integer(let number): String(number)
        case .time(let time): time.sql
        case .bytes: throw .mismatch(column)
        }
    }

    /// A whole number that is never NULL.
    public func integer(_ column: String) throws(DatabaseError) -> Int {
        guard let number = try optionalInteger(column) else { throw .mismatch(column) }
        return number
    }

    /// A whole number, or NULL.
    public func optionalInteger(_ column: String) throws(DatabaseError) -> Int? {
        switch try value(column) {
        case .null: nil
        case .integer(let number): Int(number)
        default: throw .mismatch(column)
        }
    }

    /// A flag; NULL is false.
    public func flag(_ column: String) throws(DatabaseError) -> Bool {
        try optionalInteger(column) ?? 0 != 0
    }

    /// A moment, or NULL.
    public func optionalTime(_ column: String) throws(DatabaseError) -> Timestamp? {
        switch try value(column) {
        case .null: nil
        case .time(let time): time
        default: throw .mismatch(column)
        }
    }

    /// A moment that is never NULL.
    public func time(_ column: String) throws(DatabaseError) -> Timestamp {
        guard let time = try optionalTime(column) else { throw .mismatch(column) }
        return time
    }

    private func value(_ column: String) throws(DatabaseError) -> BoundValue {
        guard let index = columns.firstIndex(of: column) else { throw .mismatch(column) }
        return values[index]
    }
}
