/// A JSON value whose members keep their order (RFC 8259).
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([Member])
    /// A document that is written already, to be put into another.
    case written([UInt8])

    /// One member of an object.
    public struct Member: Sendable, Equatable {
        public var name: String
        public var value: JSON

        /// Names a value.
        public init(name: String, value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// The value of an object's member.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The seconds, or other quantity, of a number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}

// MARK: - Writing

extension JSON {
    /// The document, compact, in UTF-8.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        write(to: &output)
        return output
    }

    /// The document, compact.
    public var compact: String { String(decoding: bytes, as: UTF8.self) }

    /// The document of a long array, compact.
    ///
    /// Each entry is written before the next is made: a thousand of them at once take longer.
    public static func array(count: Int, _ entry: (Int) throws -> JSON) rethrows -> [UInt8] {
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

    /// Whether a text has a byte that is not written as it is.
    ///
    /// It looks at every byte, so that the processor compares many of them at a time.
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
    /// An object with the members in the order written.
    public init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(members.map { Member(name: $0.0, value: $0.1) })
    }

    /// An array.
    public init(arrayLiteral values: JSON...) { self = .array(values) }
    /// A string.
    public init(stringLiteral text: String) { self = .string(text) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }

    /// A string, or null.
    public init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    /// An array of strings.
    public init(_ texts: [String]) { self = .array(texts.map(JSON.string)) }

    /// Adds a member at the end of an object.
    public mutating func append(_ name: String, _ value: JSON) {
        guard case .object(var members) = self else { return }
        // Otherwise the members have two owners, and are copied.
        self = .null
        members.append(Member(name: name, value: value))
        self = .object(members)
    }
}
