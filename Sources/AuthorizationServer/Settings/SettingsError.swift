/// The error for an unusable setting, or for an unusable file that a setting names.
package struct SettingsError: Error, CustomStringConvertible {
    /// One sentence that names the setting or the file and says what to do.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
