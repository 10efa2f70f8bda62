import HTTP

/// The texts of one language, each a small template of its own: `{{client}} would like to access your account`.
struct Texts: Sendable {
    /// As in HTML's `lang`: `en`, `pt-BR`.
    let language: String
    private(set) var all: [String: String]

    /// Reads a catalogue, a JSON object of keys and texts; throws one sentence that names the file.
    init(language: String, json: [UInt8], file: String) throws(SettingsError) {
        guard case .object(let members)? = JSON(parsing: json) else {
            throw SettingsError("\(file) cannot be used: it is no JSON object of keys and texts.")
        }
        self.language = language
        all = [:]
        for member in members {
            guard let text = member.value.text else {
                throw SettingsError("\(file) cannot be used: \(member.name) is no text.")
            }
            all[member.name] = text
        }
        guard ["ltr", "rtl"].contains(direction) else {
            throw SettingsError("\(file) cannot be used: direction is ltr or rtl.")
        }
    }

    /// `rtl` where the language is written so.
    var direction: String { all["direction"] ?? "ltr" }

    /// With some texts replaced.
    func merging(_ other: Texts) -> Texts {
        var merged = self
        merged.all.merge(other.all) { _, new in new }
        return merged
    }

    /// The key of the text about a field's failure: that of this field, if there is one, or that of every field.
    func key(_ field: String, _ failure: Failure) -> String {
        let own = failure.key.replacing("error.", with: "error.\(field).")
        return all[own] == nil ? failure.key : own
    }

    /// A template with the texts that have no tags of their own in place of their names, so that
    /// the engine does not look each up for each page.
    func inserted(into template: String) -> String {
        template.replacing(#/\{\{>([A-Za-z.]+)\}\}/#) { name in
            guard let text = all[String(name.1)], !text.contains("{{") else { return String(name.0) }
            return text
        }
    }
}
