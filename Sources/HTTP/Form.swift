/// The pairs of a form or a query, in the order they were sent (`application/x-www-form-urlencoded`).
public struct Form: Sendable, ExpressibleByDictionaryLiteral {
    public var pairs: [(name: String, value: String)]

    /// Reads an encoded form; `nil` where its percent-encoding or its UTF-8 is broken.
    public init?(_ encoded: some Collection<UInt8>) {
        pairs = []
        for pair in Array(encoded).split(separator: UInt8(ascii: "&")) {
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(halves[0], plusIsSpace: true),
                let value = PercentEncoding.decode(halves.count == 2 ? halves[1] : halves[0].suffix(0), plusIsSpace: true)
            else { return nil }
            pairs.append((name, value))
        }
    }

    /// The pairs as written.
    public init(dictionaryLiteral pairs: (String, String)...) {
        self.pairs = pairs.map { (name: $0.0, value: $0.1) }
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
