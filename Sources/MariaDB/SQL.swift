/// A statement that is composed of literals, and the values that it binds.
///
/// An interpolated value becomes a parameter of the statement. An interpolated `Table` becomes the
/// name that the table has in this database. Interpolated `SQL` becomes a part of the text. A
/// string that is created at run time does not compile as a part of the text.
///
/// For example: `"SELECT name FROM \(.users) WHERE id = \(user.id)"`.
package struct SQL: Sendable {
    var pieces: [Piece] = []
    var values: [BoundValue] = []

    /// A part of the text.
    ///
    /// The pieces identify a statement: the same pieces have the same text on one connection.
    enum Piece: Sendable, Hashable {
        case text(Literal)
        case table(Table)
        /// A value, which is a `?` in the text.
        case value
        /// A comparison of an id with an id of another table.
        case join(Table, column: Literal, other: Literal)
        /// A value in the character set of a column.
        case valueOf(Table, column: Literal)
    }

    /// The text with the names that the tables have without a prefix, and a `?` for each value.
    package var text: String { Names(prefix: "").text(of: self) }

    /// The end of a transaction without any change, if the statement before found no row to change.
    package static let requireChange: SQL =
        "IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31000; END IF"

    /// Returns the statement with more values, for the marks `?` that the literals contain.
    package func binding(_ values: [any Bindable]) -> SQL {
        SQL(pieces: pieces, values: self.values + values.map(\.bound))
    }
}

/// A text of the source code, which is identified by its address.
struct Literal: Sendable, Hashable {
    let text: StaticString

    init(_ text: StaticString) {
        self.text = text
    }

    static func == (one: Literal, two: Literal) -> Bool {
        unsafe one.text.utf8Start == two.text.utf8Start && one.text.utf8CodeUnitCount == two.text.utf8CodeUnitCount
    }

    func hash(into hasher: inout Hasher) {
        unsafe hasher.combine(text.utf8Start)
    }
}

extension SQL: ExpressibleByStringInterpolation {
    /// Creates a statement without values from a literal.
    package init(stringLiteral text: StaticString) {
        pieces = [.text(Literal(text))]
    }

    /// Creates a statement from literals and the values between them.
    package init(stringInterpolation parts: StringInterpolation) {
        self = parts.sql
    }

    /// The collector of the parts of an interpolated statement.
    package struct StringInterpolation: StringInterpolationProtocol {
        var sql = SQL()

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.pieces.reserveCapacity(2 * interpolationCount + 1)
            sql.values.reserveCapacity(interpolationCount)
        }

        /// Adds a text.
        package mutating func appendLiteral(_ text: StaticString) {
            if text.utf8CodeUnitCount > 0 { sql.pieces.append(.text(Literal(text))) }
        }

        /// Adds a value.
        package mutating func appendInterpolation(_ value: some Bindable) {
            sql.pieces.append(.value)
            sql.values.append(value.bound)
        }

        /// Adds a value, or NULL.
        package mutating func appendInterpolation(_ value: (some Bindable)?) {
            sql.pieces.append(.value)
            sql.values.append(value?.bound ?? .null)
        }

        /// Adds the name of a table.
        package mutating func appendInterpolation(_ table: Table) {
            sql.pieces.append(.table(table))
        }

        /// Adds a part of a statement, with its values.
        package mutating func appendInterpolation(_ part: SQL) {
            sql.pieces += part.pieces
            sql.values += part.values
        }

        /// Adds the comparison of an id of a table with an id of another table.
        ///
        /// `\(.clients, "c.id", joins: "t.client_id")` is `c.id = t.client_id`. If the tables have
        /// different collations, the other id is converted, so that the index of `c.id` serves.
        package mutating func appendInterpolation(
            _ table: Table, _ column: StaticString, joins other: StaticString
        ) {
            sql.pieces.append(.join(table, column: Literal(column), other: Literal(other)))
        }

        /// Adds a value in the character set of a column, such as an email that somebody typed.
        ///
        /// A character that the character set lacks becomes `?`.
        package mutating func appendInterpolation(_ value: String, of table: Table, _ column: StaticString) {
            sql.pieces.append(.valueOf(table, column: Literal(column)))
            sql.values.append(value.bound)
        }
    }
}
