import Pages
import Storage

extension Failures {
    /// The problems that a page shows: the first failure of each field.
    var problems: [Problem] {
        compactMap { field, failures in
            failures.first.map { Problem(field: field, error: $0.key, limit: $0.limit ?? 0) }
        }
    }
}
