/// The texts of all settings: the values that were set, and otherwise the default values.
struct SettingsReader {
    private let values: [String: String]
    private let defaults = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.name, $0.defaultValue) })

    init(_ values: [String: String]) {
        self.values = values
    }

    func text(_ name: String) -> String {
        if let value = values[name], !value.isEmpty { return value }
        return defaults[name] ?? ""
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(SettingsError) -> Int {
        guard let number = Int(text(name)), range.contains(number) else {
            throw SettingsError(
                "\(name)=\(text(name)) is not a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func choice(_ name: String, of choices: [String]) throws(SettingsError) -> String {
        guard choices.contains(text(name)) else {
            throw SettingsError("\(name)=\(text(name)) is none of \(choices.joined(separator: ", ")).")
        }
        return text(name)
    }
}
