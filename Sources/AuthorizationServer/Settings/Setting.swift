/// One setting: its name in the environment or in `.env`, its default value, and its effect.
package struct Setting: Sendable {
    package let name: String
    /// The default value as an operator would write it, or an empty text for no default.
    package let defaultValue: String
    /// One sentence about the setting, for the guide and for `consulate settings`.
    package let sentence: String
    /// Whether the value is never printed.
    package let isSecret: Bool
    /// Reads the value and stores it in its property.
    let store: @Sendable (SettingsReader, inout Settings) throws(SettingsError) -> Void

    /// Creates a setting with a property and with the way in which the value is read.
    init<Value>(
        _ name: String, _ defaultValue: String, _ property: any WritableKeyPath<Settings, Value> & Sendable,
        _ reading: Reading<Value>, _ sentence: String, isSecret: Bool = false
    ) {
        self.name = name
        self.defaultValue = defaultValue
        self.sentence = sentence
        self.isSecret = isSecret
        store = { (reader, settings) throws(SettingsError) in
            settings[keyPath: property] = try reading.read(reader, name)
        }
    }

    /// Creates a setting that is read together with another setting.
    init(_ name: String, _ defaultValue: String, _ sentence: String) {
        self.name = name
        self.defaultValue = defaultValue
        self.sentence = sentence
        isSecret = false
        store = { (_, _) throws(SettingsError) in }
    }
}
