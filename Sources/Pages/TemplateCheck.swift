/// The check that a page has a value for every tag of its template.
///
/// It covers every branch and every partial. Without the check, the engine would leave an unknown
/// tag out.
struct TemplateCheck {
    /// The texts of all templates, partials and catalogue entries, by name.
    let templates: [String: String]
    /// The names of the templates and texts that were checked.
    private(set) var visited: Set<String> = []

    init(_ templates: [String: String]) {
        self.templates = templates
    }

    /// The kind of value that a name stands for.
    private indirect enum Shape {
        /// A text.
        ///
        /// In a sample, the text may be the name of a partial.
        case text(String)
        case flag
        case list(Shape)
        case object([String: Shape])

        init(_ value: Any) {
            let mirror = Mirror(reflecting: value)
            switch value {
            case is Bool: self = .flag
            case is String, is Int: self = .text("\(value)")
            case let tags as Tags: self = .object(tags.all.mapValues { Shape($0) })
            case let list as [Any]: self = .list(list.first.map { Shape($0) } ?? .flag)
            default:
                switch mirror.displayStyle {
                case .optional: self = mirror.children.first.map { Shape($0.value) } ?? .flag
                default:
                    let members = mirror.children.compactMap { child in child.label.map { ($0, Shape(child.value)) } }
                    self = .object(Dictionary(members) { first, _ in first })
                }
            }
        }
    }

    /// Checks the template of a page.
    ///
    /// Throws one sentence that names the template and the tag.
    mutating func check(_ name: String, tags: Tags) throws(TemplateError) {
        try check(name, [Shape(tags)], from: name)
    }

    private mutating func check(_ name: String, _ scopes: [Shape], from page: String, depth: Int = 0)
        throws(TemplateError)
    {
        guard depth < 20 else { throw TemplateError("The template \(name) includes itself.") }
        guard let text = templates[name] else {
            throw TemplateError("The template \(page) needs “\(name)”, which does not exist.")
        }
        visited.insert(name)
        var scopes = scopes
        for tag in text.matches(of: #/\{\{([#^\/$<>!&={]?)\s*([^}]*?)\s*\}?\}\}/#) {
            let target = String(tag.2)
            switch tag.1 {
            case "!": continue
            case "&", "{", "=":
                throw TemplateError(
                    "The template \(name) has {{\(tag.1)\(target)}}: every value is escaped, and the delimiters stay as they are."
                )
            case "/": scopes.removeLast()
            case "$": scopes.append(.flag)
            case "<":
                try check(target, scopes, from: name, depth: depth + 1)
                scopes.append(.flag)
            case ">":
                for partial in try partials(target, scopes, in: name) {
                    try check(partial, scopes, from: name, depth: depth + 1)
                }
            case "#":
                switch try find(target, scopes, in: name) {
                case .list(let element): scopes.append(element)
                case let other: scopes.append(other)
                }
            case "^":
                _ = try find(target, scopes, in: name)
                scopes.append(.flag)
            default: _ = try find(target, scopes, in: name)
            }
        }
    }

    /// Returns the partial with this name.
    ///
    /// If a value names the partial, returns all partials with the same beginning as the value.
    private func partials(_ target: String, _ scopes: [Shape], in name: String) throws(TemplateError) -> [String] {
        guard target.hasPrefix("*") else { return [target] }
        guard case .text(let sample) = try find(String(target.dropFirst()), scopes, in: name),
            let dot = sample.lastIndex(of: ".")
        else {
            throw TemplateError("The template \(name) has {{>\(target)}}, which is not the key of a text.")
        }
        return templates.keys.filter { $0.hasPrefix(sample[...dot]) }.sorted()
    }

    private func find(_ target: String, _ scopes: [Shape], in name: String) throws(TemplateError) -> Shape {
        if target == ".", let current = scopes.last { return current }
        let path = target.split(separator: ".").map(String.init)
        for scope in scopes.reversed() {
            guard case .object(let members) = scope, let first = path.first, var shape = members[first] else {
                continue
            }
            for step in path.dropFirst() {
                guard case .object(let members) = shape, let next = members[step] else { throw unknown(target, name) }
                shape = next
            }
            return shape
        }
        throw unknown(target, name)
    }

    private func unknown(_ target: String, _ name: String) -> TemplateError {
        TemplateError("The template \(name) has {{\(target)}}, which its page does not have.")
    }
}
