/// Reads `.env` as Laravel does: quotes, `export`, comments, `${OTHER}`, and values over several lines within quotes.
public struct DotEnv: Sendable {
    /// What the file sets, the last line winning where a name comes twice.
    public private(set) var values: [String: String] = [:]
    private let environment: [String: String]

    /// Reads the text of a file; `${OTHER}` looks there first, then into the environment.
    public init(_ text: String, environment: [String: String] = [:]) throws(SettingsError) {
        self.environment = environment
        var rest = Substring(text.replacing("\r\n", with: "\n"))
        while !rest.isEmpty {
            try readLine(&rest)
        }
    }

    private mutating func readLine(_ rest: inout Substring) throws(SettingsError) {
        let line = rest.prefix { $0 != "\n" }
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        guard !trimmed.isEmpty, trimmed.first != "#" else {
            rest = rest.dropFirst(line.count + 1)
            return
        }
        guard let equals = trimmed.firstIndex(of: "=") else {
            throw SettingsError("A line of .env is no setting: it has no `=`.")
        }
        var name = trimmed[..<equals]
        if name.hasPrefix("export ") { name = name.dropFirst(7) }
        let key = name.filter { $0 != " " && $0 != "\t" }
        guard !key.isEmpty else { throw SettingsError("A line of .env is no setting: nothing stands before its `=`.") }
        rest = rest[trimmed.index(after: equals)...].drop { $0 == " " || $0 == "\t" }
        switch rest.first {
        case "'":
            values[key] = try quoted(&rest, by: "'", name: key)
        case "\"":
            values[key] = expanded(try quoted(&rest, by: "\"", name: key))
        default:
            let raw = rest.prefix { $0 != "\n" }
            rest = rest.dropFirst(raw.count + 1)
            var value = raw.firstRange(of: " #").map { raw[..<$0.lowerBound] } ?? raw
            if value.first == "#" { value = "" }
            while value.last?.isWhitespace == true { value.removeLast() }
            values[key] = expanded(String(value))
        }
    }

    private func quoted(_ rest: inout Substring, by quote: Character, name: String) throws(SettingsError) -> String {
        var value = ""
        var characters = rest.dropFirst()
        while let character = characters.popFirst() {
            if character == quote {
                rest = characters.drop { $0 != "\n" }.dropFirst()
                return value
            }
            guard character == "\\", quote == "\"", let escaped = characters.popFirst() else {
                value.append(character)
                continue
            }
            switch escaped {
            case "n": value.append("\n")
            case "r": value.append("\r")
            case "t": value.append("\t")
            case "\"", "\\", "$": value.append(escaped)
            default: value.append(contentsOf: ["\\", escaped])
            }
        }
        throw SettingsError("\(name) in .env begins with a quote that is never closed.")
    }

    private func expanded(_ value: String) -> String {
        value.replacing(#/\$\{([A-Za-z0-9_]+)\}/#) { match in
            values[String(match.1)] ?? environment[String(match.1)] ?? ""
        }
    }
}
