/// A statement that is composed of literals, and the values that it binds.
///
/// An interpolated value becomes a parameter of the statement. An interpolated `Table` becomes the
/// name that the table has in this database. Interpolated `SQL` becomes a part of the text. A
/// string that is created at run time does not compile as a part of the text.
///
/// For example: `"SELECT name FROM \(.users) WHERE id = \(user.id)"`.
package struct SQL: Sendable {
    /// The parts of the text, which identify the statement.
    ///
    /// The same parts have the same text on one connection.
    var pieces: [Piece] = []
    var values: [BoundValue] = []
    /// A hash of the pieces.
    private(set) var identity: UInt = 0

    /// A part of the text: a text of the source code, which is identified by its address.
    ///
    /// It is small and has no reference, because each execution of a statement makes its pieces.
    struct Piece: Sendable, Equatable {
        enum Kind: UInt8 {
            case text
            /// The name of a table. The name of its view follows, which may be empty.
            case table
            /// A value, which is a `?` in the text.
            case value
            /// The column of an id. The id to compare it with follows, and the table of the column.
            case join
            /// The column of a value that is sent in its character set. The table follows.
            case valueOf
            /// What belongs to the piece before.
            case argument
        }

        let kind: Kind
        private let count: UInt32
        /// The address of the text, which never changes.
        let address: UInt

        init(_ kind: Kind, _ text: StaticString) {
            self.kind = kind
            count = UInt32(text.utf8CodeUnitCount)
            address = unsafe UInt(bitPattern: text.utf8Start)
        }

        var text: String {
            let bytes = unsafe UnsafeBufferPointer(start: UnsafePointer<UInt8>(bitPattern: address), count: Int(count))
            return unsafe String(decoding: bytes, as: UTF8.self)
        }

        static func == (one: Piece, two: Piece) -> Bool {
            one.address == two.address && one.kind == two.kind && one.count == two.count
        }
    }

    mutating func append(_ piece: Piece) {
        pieces.append(piece)
        identity = (identity ^ piece.address ^ UInt(piece.kind.rawValue)) &* 0x9e37_79b9_7f4a_7c15
        identity ^= identity >> 32
    }

    /// The text with the names that the tables have without a prefix, and a `?` for each value.
    package var text: String { Names(prefix: "").text(of: self) }

    /// The end of a transaction without any change, if the statement before found no row to change.
    package static let requireChange: SQL =
        "IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31000; END IF"

    /// Returns the statement with more values, for the marks `?` that the literals contain.
    package func binding(_ values: [any Bindable]) -> SQL {
        var bound = self
        bound.values += values.map(\.bound)
        return bound
    }
}

extension SQL: ExpressibleByStringInterpolation {
    /// Creates a statement without values from a literal.
    package init(stringLiteral text: StaticString) {
        append(Piece(.text, text))
    }

    /// Creates a statement from literals and the values between them.
    package init(stringInterpolation parts: StringInterpolation) {
        self = parts.sql
    }

    /// The collector of the parts of an interpolated statement.
    package struct StringInterpolation: StringInterpolationProtocol {
        var sql = SQL()

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.pieces.reserveCapacity(4 * interpolationCount + 2)
            sql.values.reserveCapacity(interpolationCount)
        }

        /// Adds a text.
        package mutating func appendLiteral(_ text: StaticString) {
            if text.utf8CodeUnitCount > 0 { sql.append(Piece(.text, text)) }
        }

        /// Adds a value.
        package mutating func appendInterpolation(_ value: some Bindable) {
            sql.append(Piece(.value, "?"))
            sql.values.append(value.bound)
        }

        /// Adds a value, or NULL.
        package mutating func appendInterpolation(_ value: (some Bindable)?) {
            sql.append(Piece(.value, "?"))
            sql.values.append(value?.bound ?? .null)
        }

        /// Adds the name of a table.
        package mutating func appendInterpolation(_ table: Table) {
            sql.append(Piece(.table, table.name))
            sql.append(Piece(.argument, table.view))
        }

        /// Adds a part of a statement, with its values.
        package mutating func appendInterpolation(_ part: SQL) {
            for piece in part.pieces { sql.append(piece) }
            sql.values += part.values
        }

        /// Adds the comparison of an id of a table with an id of another table.
        ///
        /// `\(.clients, "c.id", joins: "t.client_id")` is `c.id = t.client_id`. If the tables have
        /// different collations, the other id is converted, so that the index of `c.id` serves.
        package mutating func appendInterpolation(
            _ table: Table, _ column: StaticString, joins other: StaticString
        ) {
            sql.append(Piece(.join, column))
            sql.append(Piece(.argument, other))
            sql.append(Piece(.argument, table.name))
        }

        /// Adds a value in the character set of a column, such as an email that somebody typed.
        ///
        /// A character that the character set lacks becomes `?`.
        package mutating func appendInterpolation(_ value: String, of table: Table, _ column: StaticString) {
            sql.append(Piece(.valueOf, column))
            sql.append(Piece(.argument, table.name))
            sql.values.append(value.bound)
        }
    }
}
