import HTTP

/// The texts of one language.
///
/// Each text is a small template: `{{client}} would like to access your account`.
package struct Texts: Sendable {
    /// The language, as in the `lang` attribute of HTML: `en`, `pt-BR`.
    package let language: String
    private(set) var all: [String: String]

    /// Reads a catalogue, which is a JSON object of keys and texts.
    ///
    /// Throws one sentence that names the file.
    package init(language: String, json: [UInt8], file: String) throws(TemplateError) {
        guard case .object(let members)? = JSON(parsing: json) else {
            throw TemplateError("\(file) cannot be used: it is not a JSON object of keys and texts.")
        }
        self.language = language
        all = [:]
        for member in members {
            guard let text = member.value.text else {
                throw TemplateError("\(file) cannot be used: \(member.name) is not text.")
            }
            all[member.name] = text
        }
        guard ["ltr", "rtl"].contains(direction) else {
            throw TemplateError("\(file) cannot be used: direction is ltr or rtl.")
        }
    }

    /// The writing direction: `rtl` for a language that is written from right to left.
    package var direction: String { all["direction"] ?? "ltr" }

    /// Returns a copy with some texts replaced.
    package func merging(_ other: Texts) -> Texts {
        var merged = self
        merged.all.merge(other.all) { _, new in new }
        return merged
    }

    /// Returns the key of the text about an error of a field.
    ///
    /// This is the key for this field if it exists, otherwise the key for all fields.
    package func key(_ field: String, _ error: String) -> String {
        let own = error.replacing("error.", with: "error.\(field).")
        return all[own] == nil ? error : own
    }

    /// Returns a template with texts in place of their names.
    ///
    /// Only texts without tags are inserted. The engine then does not look up each text for each
    /// page.
    package func inserted(into template: String) -> String {
        template.replacing(#/\{\{>([A-Za-z.]+)\}\}/#) { name in
            guard let text = all[String(name.1)], !text.contains("{{") else { return String(name.0) }
            return text
        }
    }
}
