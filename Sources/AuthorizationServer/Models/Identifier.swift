import HTTP
public import MariaDB

/// The key of a model's row, as text, so that one model's id cannot be taken for another's.
///
/// It is compared as text after the row was read: MariaDB reads `'3abc'` as 3 where an adopted column holds numbers.
public struct Identifier<Model>: Sendable, Hashable, RawRepresentable, Bindable {
    public let rawValue: String

    /// Takes the text of an id.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Takes the text of an id.
    public init(_ text: String) {
        rawValue = text
    }

    /// Reads a number or a text, as Laravel writes it.
    init?(_ json: JSON?) {
        switch json {
        case .string(let text): rawValue = text
        case .integer(let number): rawValue = String(number)
        default: return nil
        }
    }

    /// A number where the id is one, as Laravel writes it.
    var json: JSON {
        Int64(rawValue).map { String($0) == rawValue ? .integer($0) : .string(rawValue) } ?? .string(rawValue)
    }
}
