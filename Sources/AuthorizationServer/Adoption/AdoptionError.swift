/// Something about a database, or an application, that keeps Consulate from moving in.
public struct AdoptionError: Error, CustomStringConvertible {
    /// One sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
