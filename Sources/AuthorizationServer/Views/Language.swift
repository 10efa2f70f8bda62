/// Which of the languages that there are somebody reads best.
enum Language {
    /// The first of `ui_locales` that there is (OpenID Connect Core §3.1.2.1), or the best of `Accept-Language` (RFC 9110 §12.5.4), or the first of ours.
    static func choose(uiLocales: String?, acceptLanguage: String?, among languages: [String]) -> String {
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
