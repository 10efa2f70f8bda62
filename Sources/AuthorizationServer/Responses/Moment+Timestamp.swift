import MariaDB
import OAuth
import Pages

extension Moment {
    /// Creates a moment as people read it.
    init(_ moment: Timestamp) {
        self.init(iso: String(moment.iso8601.prefix { $0 != "." }) + "Z", moment.parts)
    }
}

extension ScopeLine {
    /// Creates the line of a scope.
    init(_ scope: Scope) {
        self.init(description: scope.description)
    }
}
