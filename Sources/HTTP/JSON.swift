/// A JSON value (RFC 8259).
///
/// The members of an object keep their order.
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([Member])
    /// An encoded document that becomes part of another document.
    case written([UInt8])

    /// One member of an object.
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSON

        /// Creates a member with a name and a value.
        package init(name: String, value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The value of a member of an object.
    package subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a number, such as a number of seconds.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}

// MARK: - Writing

extension JSON {
    /// The compact document, in UTF-8.
    package var bytes: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        write(to: &output)
        return output
    }

    /// The compact document.
    package var compact: String { String(decoding: bytes, as: UTF8.self) }

    /// Returns the compact document of a long array.
    ///
    /// Writes each entry before it creates the next entry. A thousand entries at once take longer.
    package static func array(count: Int, _ entry: (Int) throws -> JSON) rethrows -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512 * count + 2)
        output.append(UInt8(ascii: "["))
        for index in 0..<count {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            try entry(index).write(to: &output)
        }
        output.append(UInt8(ascii: "]"))
        return output
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .written(let bytes): output.append(contentsOf: bytes)
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): output.append(contentsOf: String(value).utf8)
        case .number(let value): output.append(contentsOf: value.isFinite ? "\(value)".utf8 : "null".utf8)
        case .string(let text): Self.write(text, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        if isEscaped(text.utf8.span) {
            for byte in text.utf8 { write(byte, to: &output) }
        } else {
            output.append(contentsOf: text.utf8)
        }
        output.append(UInt8(ascii: "\""))
    }

    /// Returns whether a text has a byte that must be escaped.
    ///
    /// Looks at every byte, so that the processor compares many bytes at a time.
    private static func isEscaped(_ text: Span<UInt8>) -> Bool {
        var escaped: UInt8 = 0
        for index in text.indices {
            let byte = unsafe text[unchecked: index]
            escaped |=
                (byte < 0x20 ? 1 : 0) | (byte == UInt8(ascii: "\"") ? 1 : 0) | (byte == UInt8(ascii: "\\") ? 1 : 0)
        }
        return escaped != 0
    }

    private static func write(_ byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
        case UInt8(ascii: "\n"): output.append(contentsOf: #"\n"#.utf8)
        case 0..<0x20:
            output.append(contentsOf: (byte < 16 ? "\\u000" : "\\u00").utf8 + Array(String(byte, radix: 16).utf8))
        default: output.append(byte)
        }
    }
}

// MARK: - Literals

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByStringInterpolation,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
    /// Creates an object with the members in the order written.
    package init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { Member(name: $0.0, value: $0.1) })
    }

    /// Creates an array.
    package init(arrayLiteral values: JSON...) { self = .array(values) }
    /// Creates a string.
    package init(stringLiteral text: String) { self = .string(text) }
    /// Creates true or false.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Creates a whole number.
    package init(integerLiteral value: Int64) { self = .integer(value) }

    /// Creates a string, or null.
    package init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    /// Creates an array of strings.
    package init(_ texts: [String]) { self = .array(texts.map(JSON.string)) }

    /// Adds a member at the end of an object.
    package mutating func append(_ name: String, _ value: JSON) {
        guard case .object(var members) = self else { return }
        // Without this line, the members have two owners and are copied.
        self = .null
        members.append(Member(name: name, value: value))
        self = .object(members)
    }
}
