import HTTP

/// The choice of the language that a person reads best.
package enum Language {
    /// Returns the supported language that the caller prefers.
    ///
    /// The first supported language of `ui_locales` has priority (OpenID Connect Core §3.1.2.1).
    /// The best supported language of `Accept-Language` is next (RFC 9110 §12.5.4). Otherwise the
    /// result is the first of `languages`.
    package static func choose(uiLocales: String?, acceptLanguage: String?, among languages: [String]) -> String {
        let asked = (uiLocales ?? "").split(separator: " ").map(String.init) + ranked(acceptLanguage ?? "")
        for wanted in asked.prefix(20) {
            if let exact = languages.first(where: { $0.lowercased() == wanted.lowercased() }) { return exact }
            let primary = wanted.lowercased().prefix { $0 != "-" }
            if let near = languages.first(where: { $0.lowercased().prefix { $0 != "-" } == primary }) { return near }
        }
        return languages.first ?? "en"
    }

    private static func ranked(_ header: String) -> [String] {
        let ranges = header.split(separator: ",").prefix(20).compactMap { part -> (tag: String, weight: Double)? in
            let pieces = part.split(separator: ";").map { $0.trimming() }
            guard let tag = pieces.first, !tag.isEmpty, tag != "*" else { return nil }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return weight > 0 ? (String(tag), weight) : nil
        }
        return ranges.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }.map(
            \.element.tag)
    }
}
