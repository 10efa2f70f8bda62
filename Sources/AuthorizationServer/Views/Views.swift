import Mustache

/// The pages, compiled once from their templates.
struct Views: Sendable {
    /// The pages that there are.
    enum Name: String, CaseIterable {
        case signIn = "sign-in"
        case signedIn = "signed-in"
        case register
        case consent
        case error
    }

    private let library: MustacheLibrary
    private let appName: String

    /// Compiles the templates; throws a sentence that names the one that cannot be used.
    init(appName: String) throws(SettingsError) {
        MustacheContentTypes.register(EscapedHTML(), named: "ESCAPED_HTML")
        var library = MustacheLibrary()
        for file in EmbeddedFiles.all where file.name.hasSuffix(".mustache") {
            do {
                try library.register("{{% CONTENT_TYPE:ESCAPED_HTML}}" + file.text, named: String(file.name.dropLast(".mustache".count)))
            } catch {
                throw SettingsError("The template \(file.name) cannot be used: \(error).")
            }
        }
        for name in Name.allCases where library.getTemplate(named: name.rawValue) == nil {
            throw SettingsError("The template \(name.rawValue).mustache is missing.")
        }
        self.library = library
        self.appName = appName
    }

    /// Renders a page.
    func render(_ name: Name, _ values: [String: Any]) -> String {
        library.render(values.merging(["appName": appName]) { value, _ in value }, withTemplate: name.rawValue) ?? ""
    }
}

/// HTML whose every special character is escaped by Unicode scalar: by grapheme cluster, `"` with a combining accent would slip through.
struct EscapedHTML: MustacheContentType {
    func escapeText(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
