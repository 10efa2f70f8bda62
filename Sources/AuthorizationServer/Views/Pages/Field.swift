/// A field of a form, with the submitted value and its error.
struct Field: Sendable {
    let value: String
    let isWrong: Bool
    /// The key of the text about the error.
    let error: String
    /// The number that the text mentions.
    let limit: Int

    init(_ name: String, _ failures: Failures, _ texts: Texts) {
        self.init(name, "", failures, texts)
    }

    init(_ name: String, _ value: String, _ failures: Failures, _ texts: Texts) {
        let failure = failures.first { $0.field == name }?.failures.first
        self.value = value
        isWrong = failure != nil
        error = texts.key(name, failure ?? .required)
        limit = failure?.limit ?? 0
    }

    /// The sample for the check of the templates.
    static let sample = Field(value: "value", isWrong: true, error: "error.required", limit: 8)

    private init(value: String, isWrong: Bool, error: String, limit: Int) {
        (self.value, self.isWrong, self.error, self.limit) = (value, isWrong, error, limit)
    }
}

/// A line of the summary above a form: an error and its field.
struct Problem: Sendable {
    let field: String
    let error: String
    let limit: Int

    /// Returns one problem for each field with an error.
    static func all(_ failures: Failures, _ texts: Texts) -> [Problem] {
        failures.compactMap { field, failures in
            failures.first.map { Problem(field: field, error: texts.key(field, $0), limit: $0.limit ?? 0) }
        }
    }

    static let sample = Problem(field: "name", error: "error.required", limit: 8)
}
