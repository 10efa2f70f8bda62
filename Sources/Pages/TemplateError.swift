/// The error for a template, a text or an asset that cannot be used.
package struct TemplateError: Error, CustomStringConvertible {
    /// One sentence that names the file and says what to do.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
