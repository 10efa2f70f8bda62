/// The pairs of a form or a query, in the order they were sent (`application/x-www-form-urlencoded`).
public struct Form: Sendable, ExpressibleByDictionaryLiteral {
    /// The most pairs that a request may send.
    public static let limit = 200

    public var pairs: [(name: String, value: String)]
    /// The names of pairs whose value is not percent-encoded UTF-8; such a pair is not in `pairs`.
    public private(set) var unreadable: [String] = []

    /// Reads an encoded form; `nil` if it has more pairs than `limit`, before anything is decoded.
    ///
    /// A pair with an unreadable name is left out: nothing can ask for it (RFC 6749 §3.1).
    public init?(_ encoded: some Collection<UInt8>) {
        pairs = []
        let bytes = Array(encoded)
        guard bytes.count(where: { $0 == UInt8(ascii: "&") }) < Self.limit else { return nil }
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decode(pair[..<equals], plusIsSpace: true) else { continue }
            add(name, PercentEncoding.decode(pair[equals...].dropFirst(), plusIsSpace: true))
        }
    }

    /// The pairs as written.
    public init(dictionaryLiteral pairs: (String, String)...) {
        self.pairs = pairs.map { (name: $0.0, value: $0.1) }
    }

    /// Adds a pair that was read; `nil` is a value that cannot be read.
    mutating func add(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value)) } else { unreadable.append(name) }
    }

    /// Adds a pair at the end.
    public mutating func append(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value)) }
    }

    /// The form as it goes over the wire.
    public var encoded: String {
        pairs.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }
}
