/// The text of a statement, which can only be written as a literal.
///
/// A string created at run time does not compile here.
public struct SQL: ExpressibleByStringLiteral, Sendable {
    /// The text of the literal.
    public let text: StaticString

    /// Creates a statement from a literal.
    public init(stringLiteral text: StaticString) {
        self.text = text
    }
}
