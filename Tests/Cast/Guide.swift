import Foundation

/// A file of this repository that people read.
public struct Guide {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    /// Every guide, by its path.
    public static let paths = [
        "README.md", "CHANGELOG.md", ".github/SECURITY.md", ".github/CONTRIBUTING.md", "nginx/README.md",
        "sql/README.md", "sql/MOVING-IN.md",
        "Sources/README.md", "Sources/AuthorizationServer/Settings/README.md", "Tests/README.md",
    ]

    private let path: String
    public let text: String

    /// Reads the guide at a path that begins at the top level.
    public init(_ path: String) throws {
        self.path = path
        text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// A guide at the top level that has this text.
    public init(text: String) {
        path = "README.md"
        self.text = text
    }

    /// The lines of the first block of a language below a heading.
    public func lines(of language: String, below heading: String) -> [String]? {
        guard let start = text.range(of: "\n## \(heading)\n"),
            let opening = text[start.upperBound...].firstRange(of: "```\(language)\n"),
            let closing = text[opening.upperBound...].firstRange(of: "```")
        else { return nil }
        return text[opening.upperBound..<closing.lowerBound].split(separator: "\n").map(String.init)
    }

    /// The anchors of its headings, as GitHub makes them.
    public var anchors: Set<String> {
        Set(
            text.matches(of: #/(?m)^##+ (.+)$/#).map { heading in
                heading.1.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }.replacing(
                    " ", with: "-")
            })
    }

    /// Its links that lead nowhere: a file that does not exist, or a heading that does not.
    public var brokenLinks: [String] {
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
