package import HTTP
import MariaDB

/// The key of a model's row, as text.
///
/// The id of one model cannot be used as the id of another model. Ids are compared as text after
/// the row was read, because MariaDB reads `'3abc'` as 3 if an adopted column holds numbers.
package struct Identifier<Model>: Sendable, Hashable, RawRepresentable, Bindable {
    package let rawValue: String

    /// Creates an id from its text.
    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates an id from its text.
    package init(_ text: String) {
        rawValue = text
    }

    /// Reads an id that is a number or a text, as Laravel writes it.
    package init?(_ json: JSON?) {
        switch json {
        case .string(let text): rawValue = text
        case .integer(let number): rawValue = String(number)
        default: return nil
        }
    }

    /// The id as a number if the id is a number, as Laravel writes it.
    package var json: JSON {
        Int64(rawValue).map { String($0) == rawValue ? .integer($0) : .string(rawValue) } ?? .string(rawValue)
    }
}
