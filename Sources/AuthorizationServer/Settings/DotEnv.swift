import HTTP

/// A reader of `.env` that works like Laravel, by the rules of vlucas/phpdotenv 5.
///
/// The rules cover quotes, escapes, comments, `${OTHER}`, `export`, and values over several lines
/// within quotes.
///
/// The reader also accepts two things that the rules refuse but people write: spaces in a value
/// without quotes, and escapes that the rules do not know.
package struct DotEnv: Sendable {
    /// The settings of the file.
    ///
    /// If a name occurs twice, the last line wins.
    package private(set) var values: [String: String] = [:]
    private let environment: [String: String]

    /// Reads the text of a file.
    ///
    /// `${OTHER}` is looked up in the environment first, and then in the lines above. It stays
    /// unchanged if both lack the name.
    package init(_ text: String, environment: [String: String] = [:]) throws(SettingsError) {
        self.environment = environment
        var text = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")[...]
        if text.unicodeScalars.first == "\u{feff}" { text.unicodeScalars.removeFirst() }
        while !text.isEmpty { try readLine(&text) }
    }

    private mutating func readLine(_ rest: inout Substring) throws(SettingsError) {
        let line = rest.prefix { $0 != "\n" }
        let text = line.trimming()
        guard !text.isEmpty, text.first != "#" else {
            rest = rest[line.endIndex...].dropFirst()
            return
        }
        let end = line.firstIndex(of: "=") ?? line.endIndex
        let name = try Self.name(line[..<end])
        guard end < line.endIndex else {
            // A name without `=` has no value, even if a line above gave it a value.
            values[name] = nil
            rest = rest[line.endIndex...].dropFirst()
            return
        }
        rest = rest[line.index(after: end)...].drop { $0 == " " || $0 == "\t" }
        values[name] =
            switch rest.first {
            case "'": try singleQuoted(&rest, name)
            case "\"": try doubleQuoted(&rest, name)
            default: unquoted(&rest)
            }
        rest = rest.drop { $0 != "\n" }.dropFirst()
    }

    private static func name(_ text: Substring) throws(SettingsError) -> String {
        var name = text.trimming()
        if name.hasPrefix("export"), name.dropFirst(6).first?.isWhitespace == true {
            name = name.dropFirst(6).trimming()
        }
        if name.count > 2, let quote = name.first, quote == "'" || quote == "\"", name.last == quote {
            name = name.dropFirst().dropLast()
        }
        guard !name.isEmpty, name.utf8.allSatisfy(isPartOfName) else {
            throw SettingsError("A line of .env is not a setting: “\(name)” is not a name.")
        }
        return String(name)
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    // MARK: - Values

    private func singleQuoted(_ rest: inout Substring, _ name: String) throws(SettingsError) -> String {
        let text = rest.dropFirst()
        guard let end = text.firstIndex(of: "'") else { throw Self.unclosed(name) }
        rest = text[end...]
        return String(text[..<end])
    }

    private func doubleQuoted(_ rest: inout Substring, _ name: String) throws(SettingsError) -> String {
        var (value, text) = ("", rest.dropFirst())
        while let character = text.popFirst() {
            switch character {
            case "\"":
                rest = text
                return value
            case "$":
                value += reference(&text)
            case "\\":
                guard let escaped = text.popFirst() else { throw Self.unclosed(name) }
                value += Self.escapes[escaped] ?? "\\\(escaped)"
            default:
                value.append(character)
            }
        }
        throw Self.unclosed(name)
    }

    private static let escapes: [Character: String] = [
        "n": "\n", "r": "\r", "t": "\t", "f": "\u{c}", "v": "\u{b}", "\"": "\"", "\\": "\\", "$": "$",
    ]

    /// Reads a value up to the end of the line, or up to a comment.
    ///
    /// A comment needs no space before it.
    private func unquoted(_ rest: inout Substring) -> String {
        var (value, text) = ("", rest.prefix { $0 != "\n" && $0 != "#" })
        rest = rest[text.endIndex...]
        while let character = text.popFirst() {
            if character == "$" { value += reference(&text) } else { value.append(character) }
        }
        return String(value.trimming())
    }

    /// Returns the value of `{OTHER}` behind a dollar sign, and removes `{OTHER}` from the text.
    ///
    /// Returns a dollar sign if no value exists.
    private func reference(_ text: inout Substring) -> String {
        guard text.first == "{", let end = text.firstIndex(of: "}"), case let name = String(text[..<end].dropFirst()),
            !name.isEmpty,
            name.utf8.allSatisfy(Self.isPartOfName), let value = environment[name] ?? values[name]
        else { return "$" }
        text = text[end...].dropFirst()
        return value
    }

    private static func unclosed(_ name: String) -> SettingsError {
        SettingsError("\(name) in .env begins with a quote that is never closed.")
    }
}
