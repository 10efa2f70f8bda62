import Mustache

/// The properties of a page by name, without those that are `nil`.
///
/// Reflection reads each property once, here, and not again for each tag that names it. Reflection
/// and casts take most of the time of a long page.
struct Tags: MustacheParent {
    private(set) var all: [String: Any] = [:]

    /// Reads the properties of a page, or of a part of a page.
    init(_ value: Any) {
        for (name, value) in Mirror(reflecting: value).children {
            if let name, let plain = Self.plain(value) { all[name] = plain }
        }
    }

    private static func plain(_ value: Any) -> Any? {
        let type = type(of: value)
        if type == String.self || type == Bool.self || type == Int.self || type == Moment.self { return value }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { plain($0.value) }
        case .collection: return mirror.children.compactMap { plain($0.value) }
        default: return Tags(value)
        }
    }

    /// Returns these tags, and the tags of `other` with names that these tags do not have.
    func over(_ other: Tags) -> Tags {
        var tags = self
        tags.all.merge(other.all) { own, _ in own }
        return tags
    }

    func child(named name: String) -> Any? { all[name] }
}
