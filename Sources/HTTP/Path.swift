/// The pattern of the path of a route: `/oauth/tokens/{token_id}`.
///
/// `{name?}` is a last segment that may be absent.
package struct Path: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    private enum Segment: Sendable {
        case literal(Substring)
        case parameter(String)
        case optionalParameter(String)
    }

    /// The pattern as written.
    package let description: String
    private let segments: [Segment]

    /// Reads a pattern.
    package init(stringLiteral pattern: String) {
        description = pattern
        segments = pattern.split(separator: "/").map { segment in
            guard segment.first == "{" else { return .literal(segment) }
            let name = segment.dropFirst().dropLast()
            return name.last == "?" ? .optionalParameter(String(name.dropLast())) : .parameter(String(name))
        }
    }

    /// Whether the pattern has no parameters.
    package var isLiteral: Bool {
        segments.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    /// Returns the decoded parameters if a percent-encoded path matches the pattern.
    ///
    /// An encoded slash stays inside its segment.
    package func match(_ path: String) -> [String: String]? {
        guard path.first == "/" else { return nil }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var parameters: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            switch segment {
            case .literal(let text):
                guard index < parts.count, parts[index] == text else { return nil }
            case .parameter(let name):
                guard index < parts.count, !parts[index].isEmpty, let value = PercentEncoding.decode(parts[index].utf8)
                else { return nil }
                parameters[name] = value
            case .optionalParameter(let name):
                guard index < parts.count else { break }
                guard !parts[index].isEmpty, let value = PercentEncoding.decode(parts[index].utf8) else { return nil }
                parameters[name] = value
            }
        }
        return parts.count <= segments.count ? parameters : nil
    }
}
