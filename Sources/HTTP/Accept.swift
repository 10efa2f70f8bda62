/// The media types of an `Accept` field, with their weights (RFC 9110 §12.5.1).
struct Accept {
    /// The maximum length of the field, in bytes.
    ///
    /// No browser sends a longer field.
    private static let longest = 1024

    private var weights: [String: Double] = [:]

    init(_ field: String?) {
        guard let field, field.utf8.count <= Self.longest else { return }
        for range in field.lowercased().utf8.split(separator: UInt8(ascii: ",")) {
            let parts = range.split(separator: UInt8(ascii: ";")).map { Self.trimmed($0) }
            guard let type = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            weights[type] = max(weights[type] ?? 0, weight)
        }
    }

    /// Whether the caller prefers a page to any other type.
    ///
    /// The field must name `text/html`, because curl's `*/*` does not ask for a page. If the field
    /// names JSON with the same weight, JSON wins.
    var prefersHTML: Bool {
        guard let html = weights["text/html"], html > 0 else { return false }
        if let json = weights["application/json"] { return html > json }
        return html >= weights["application/*"] ?? weights["*/*"] ?? 0
    }

    private static func trimmed(_ bytes: Substring.UTF8View.SubSequence) -> String {
        String(Substring(bytes).filter { $0 != " " && $0 != "\t" })
    }
}
