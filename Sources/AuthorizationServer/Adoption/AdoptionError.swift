/// A fact about a database or an application that prevents Consulate from moving in.
public struct AdoptionError: Error, CustomStringConvertible {
    /// The fact, in one sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
