/// A field of a form, with the submitted value and its error.
package struct Field: Sendable {
    let value: String
    let isWrong: Bool
    /// The key of the text about the error.
    let error: String
    /// The number that the text mentions.
    let limit: Int

    /// Creates a field with the problem that a form has with it, if any.
    package init(_ name: String, _ value: String, _ problems: [Problem], _ texts: Texts) {
        let problem = problems.first { $0.field == name }
        self.value = value
        isWrong = problem != nil
        error = texts.key(name, problem?.error ?? "error.required")
        limit = problem?.limit ?? 0
    }

    /// Creates a field that is never filled in again, such as a password.
    package init(_ name: String, _ problems: [Problem], _ texts: Texts) {
        self.init(name, "", problems, texts)
    }

    /// The sample for the check of the templates.
    static let sample = Field(value: "value", isWrong: true, error: "error.required", limit: 8)

    private init(value: String, isWrong: Bool, error: String, limit: Int) {
        (self.value, self.isWrong, self.error, self.limit) = (value, isWrong, error, limit)
    }
}

/// A line of the summary above a form: an error and its field.
package struct Problem: Sendable {
    let field: String
    /// The key of the text about the error.
    let error: String
    /// The number that the text mentions.
    let limit: Int

    /// Creates a problem from the key of the text for all fields: `error.required`.
    package init(field: String, error: String, limit: Int) {
        (self.field, self.error, self.limit) = (field, error, limit)
    }

    /// Returns the problem with the key of the text for its own field, if the texts have it.
    func named(by texts: Texts) -> Problem {
        Problem(field: field, error: texts.key(field, error), limit: limit)
    }

    static let sample = Problem(field: "name", error: "error.required", limit: 8)
}
