/// A fact about a database or an application that prevents Consulate from moving in.
package struct AdoptionError: Error, CustomStringConvertible {
    /// The fact, in one sentence.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
