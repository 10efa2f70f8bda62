/// A run of words in a sentence: either plain text or code.
///
/// “the `state` comes back” has three runs.
package struct Prose: Sendable {
    let words: String
    let isCode: Bool

    /// Splits a text at its backticks.
    package static func runs(_ text: String) -> [Prose] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map {
            Prose(words: String($1), isCode: $0 % 2 == 1)
        }
        .filter { !$0.words.isEmpty }
    }
}
