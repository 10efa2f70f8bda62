import Foundation
import MariaDB

/// The SQL statements in the source of the repositories, with a likely value for each value.
///
/// A test can explain them without calling every repository.
struct SourceStatements {
    /// The names of the tables and the parts of statements, by their names in Swift.
    private var known: [String: String] = [:]
    private(set) var all: [String] = []

    /// Reads the files of a folder.
    ///
    /// `others` has the texts of interpolations that only a run of the program can know.
    init(_ folder: URL, others: [String: String]) throws {
        known = others
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let sources = try files.sorted { $0.path() < $1.path() }.map { try String(contentsOf: $0, encoding: .utf8) }
        for source in sources {
            for table in source.matches(of: #/static let (\w+) = Table\("(\w+)"/#) {
                known["\(table.1)"] = "\(table.2)"
            }
            for part in source.matches(
                of:
                    #/static (?:let|func) (\w+)(?:\([^)]*\) -> SQL \{|: SQL =)\s+(?:"""\n(?<many>(?s).*?)"""|"(?<one>(?:\\.|[^"\n])+)")/#
            ) {
                known["\(part.1)"] = Self.text(part.many ?? part.one ?? "")
            }
        }
        let literal = #/"""\n(?<many>(?s).*?)"""|"(?<one>(?:\\\([^\n]*?\)|[^"\n\\])+)"/#
        for source in sources {
            let literals = source.matches(of: literal).map { Self.text($0.many ?? $0.one ?? "") }
            all += literals.map(expanded).filter { $0.starts(with: #/(SELECT|UPDATE|DELETE|INSERT)\s/#) }
        }
    }

    private static func text(_ literal: Substring) -> String {
        literal.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Returns a text with the tables, parts and values in place of the interpolations.
    private func expanded(_ literal: String) -> String {
        var (text, rest) = ("", literal[...])
        while let start = rest.range(of: "\\(") {
            text += rest[..<start.lowerBound]
            var depth = 1
            let inside = rest[start.upperBound...].prefix { character in
                depth += character == "(" ? 1 : character == ")" ? -1 : 0
                return depth > 0
            }
            text += replacement(String(inside))
            rest = rest[inside.endIndex...].dropFirst()
        }
        return text + rest
    }

    private func replacement(_ interpolation: String) -> String {
        if let join = interpolation.firstMatch(of: #/"([\w.]+)", joins: "([\w.]+)"/#) { return "\(join.1) = \(join.2)" }
        if let known = known[interpolation] { return known }
        let name = interpolation.drop { $0 == "." }.prefix { $0 != "(" }
        if let known = known[String(name)] { return expanded(known) }
        if ["limit", "rows"].contains(interpolation) { return "1000" }
        if interpolation == "offset" { return "1000" }
        return interpolation.contains(#/\bnow\b|At$/#) ? "NOW()" : "'1'"
    }
}
