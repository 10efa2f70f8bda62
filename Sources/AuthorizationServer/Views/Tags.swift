import Mustache

/// The properties of a page by name, without those that are `nil`.
///
/// A property is taken apart here, once, and not for each tag that names it: reflection and
/// casts are most of the time that a long page takes.
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

    /// These, and those of another of which these have none.
    func over(_ other: Tags) -> Tags {
        var tags = self
        tags.all.merge(other.all) { own, _ in own }
        return tags
    }

    func child(named name: String) -> Any? { all[name] }
}
