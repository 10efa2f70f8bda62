/// A setting, or a file that one names, cannot be used.
public struct SettingsError: Error, CustomStringConvertible {
    /// One sentence that names it and says what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
