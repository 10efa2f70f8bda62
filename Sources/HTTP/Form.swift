/// The pairs of a form or a query (`application/x-www-form-urlencoded`), in the order sent.
package struct Form: Sendable, ExpressibleByDictionaryLiteral {
    /// The maximum number of pairs in a request.
    package static let limit = 200

    package var pairs: [(name: String, value: String)]
    /// The names of the pairs with a value that is not percent-encoded UTF-8.
    ///
    /// These pairs are not in `pairs`.
    package private(set) var unreadable: [String] = []

    /// Reads an encoded form.
    ///
    /// Returns `nil` if the form has more pairs than `limit`. Nothing is decoded before this check.
    /// A pair with an unreadable name is left out, because no code can ask for it (RFC 6749 §3.1).
    package init?(_ encoded: some Collection<UInt8>) {
        pairs = []
        let bytes = Array(encoded)
        guard bytes.count(where: { $0 == UInt8(ascii: "&") }) < Self.limit else { return nil }
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decode(pair[..<equals], plusIsSpace: true) else { continue }
            add(name, PercentEncoding.decode(pair[equals...].dropFirst(), plusIsSpace: true))
        }
    }

    /// Creates a form with the pairs as written.
    package init(dictionaryLiteral pairs: (String, String)...) {
        self.pairs = pairs.map { (name: $0.0, value: $0.1) }
    }

    /// Adds a pair that was read.
    ///
    /// `nil` is a value that cannot be read.
    mutating func add(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value)) } else { unreadable.append(name) }
    }

    /// Adds a pair at the end.
    package mutating func append(_ name: String, _ value: String?) {
        if let value { pairs.append((name, value)) }
    }

    /// The form, encoded as in a request.
    package var encoded: String {
        pairs.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
    }
}
