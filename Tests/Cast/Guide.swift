import Foundation

/// A guide: a file of this repository that is written for people.
package struct Guide {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    /// The path of every guide.
    package static let paths = [
        "README.md", "CHANGELOG.md", ".github/SECURITY.md", ".github/CONTRIBUTING.md", "nginx/README.md",
        "sql/README.md", "sql/MOVING-IN.md",
        "Sources/README.md", "Sources/AuthorizationServer/Settings/README.md", "Tests/README.md",
    ]

    private let path: String
    package let text: String

    /// Reads the guide at a path relative to the top level.
    package init(_ path: String) throws {
        self.path = path
        text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// Creates a guide at the top level with this text.
    package init(text: String) {
        path = "README.md"
        self.text = text
    }

    /// Returns the lines of the first code block in a language below a heading.
    package func lines(of language: String, below heading: String) -> [String]? {
        guard let start = text.range(of: "\n## \(heading)\n"),
            let opening = text[start.upperBound...].firstRange(of: "```\(language)\n"),
            let closing = text[opening.upperBound...].firstRange(of: "```")
        else { return nil }
        return text[opening.upperBound..<closing.lowerBound].split(separator: "\n").map(String.init)
    }

    /// The anchors of the headings, as GitHub generates them.
    package var anchors: Set<String> {
        Set(
            text.matches(of: #/(?m)^##+ (.+)$/#).map { heading in
                heading.1.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }.replacing(
                    " ", with: "-")
            })
    }

    /// The broken links: links to a file or to a heading that does not exist.
    package var brokenLinks: [String] {
        text.matches(of: #/\]\(([^)]+)\)/#).map { String($0.1) }.filter { link in
            guard !link.contains("://") else { return false }
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let file = Self.root.appending(path: path).deletingLastPathComponent().appending(path: parts[0])
                .standardizedFileURL
            if !parts[0].isEmpty, !FileManager.default.fileExists(atPath: file.path()) { return true }
            guard parts.count == 2 else { return false }
            let target = parts[0].isEmpty ? self : try? Guide(String(file.path().dropFirst(Self.root.path().count)))
            return target?.anchors.contains(parts[1]) != true
        }
    }
}
