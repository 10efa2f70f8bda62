import HTTP

/// The texts of one language.
///
/// Each text is a small template: `{{client}} would like to access your account`.
struct Texts: Sendable {
    /// The language, as in the `lang` attribute of HTML: `en`, `pt-BR`.
    let language: String
    private(set) var all: [String: String]

    /// Reads a catalogue, which is a JSON object of keys and texts.
    ///
    /// Throws one sentence that names the file.
    init(language: String, json: [UInt8], file: String) throws(SettingsError) {
        guard case .object(let members)? = JSON(parsing: json) else {
            throw SettingsError("\(file) cannot be used: it is not a JSON object of keys and texts.")
        }
        self.language = language
        all = [:]
        for member in members {
            guard let text = member.value.text else {
                throw SettingsError("\(file) cannot be used: \(member.name) is not text.")
            }
            all[member.name] = text
        }
        guard ["ltr", "rtl"].contains(direction) else {
            throw SettingsError("\(file) cannot be used: direction is ltr or rtl.")
        }
    }

    /// The writing direction: `rtl` for a language that is written from right to left.
    var direction: String { all["direction"] ?? "ltr" }

    /// Returns a copy with some texts replaced.
    func merging(_ other: Texts) -> Texts {
        var merged = self
        merged.all.merge(other.all) { _, new in new }
        return merged
    }

    /// Returns the key of the text about a failure of a field.
    ///
    /// This is the key for this field if it exists, otherwise the key for all fields.
    func key(_ field: String, _ failure: Failure) -> String {
        let own = failure.key.replacing("error.", with: "error.\(field).")
        return all[own] == nil ? failure.key : own
    }

    /// Returns a template with texts in place of their names.
    ///
    /// Only texts without tags are inserted. The engine then does not look up each text for each
    /// page.
    func inserted(into template: String) -> String {
        template.replacing(#/\{\{>([A-Za-z.]+)\}\}/#) { name in
            guard let text = all[String(name.1)], !text.contains("{{") else { return String(name.0) }
            return text
        }
    }
}
