/// The text of a statement, which can only be written as a literal: a string made at run time does not compile here.
public struct SQL: ExpressibleByStringLiteral, Sendable {
    /// What was written.
    public let text: StaticString

    /// Takes the literal.
    public init(stringLiteral text: StaticString) {
        self.text = text
    }
}
