import HTTP
import MariaDB
import OAuth
import Pages

/// A way to read a setting: it converts the text to a value, or throws one sentence about it.
struct Reading<Value>: Sendable {
    let read: @Sendable (SettingsReader, _ name: String) throws(SettingsError) -> Value
}

extension Reading<String> {
    static let text = Reading { (reader, name) throws(SettingsError) in reader.text(name) }

    /// An address with a scheme, a host and optionally a port.
    ///
    /// A slash at the end is removed.
    static let url = Reading { (reader, name) throws(SettingsError) in
        var url = reader.text(name)
        while url.hasSuffix("/") { url.removeLast() }
        let scheme = ["http://", "https://"].first { url.hasPrefix($0) }
        guard let scheme, Authority(url.dropFirst(scheme.count)) != nil else {
            throw SettingsError(
                "\(name)=\(reader.text(name)) is not http:// or https:// with a host and optionally a port, and nothing after them."
            )
        }
        return url
    }

    static let tablePrefix = Reading { (reader, name) throws(SettingsError) in
        let prefix = reader.text(name)
        guard prefix.wholeMatch(of: #/[A-Za-z0-9_]*/#) != nil else {
            throw SettingsError(
                "\(name)=\(prefix) cannot begin the name of a table: use letters, digits and underscores.")
        }
        return prefix
    }

    /// A log level.
    ///
    /// Laravel has two levels above `critical`.
    static let logLevel = Reading { (reader, name) throws(SettingsError) in
        guard !["alert", "emergency"].contains(reader.text(name)) else { return "critical" }
        return try reader.choice(
            name, of: ["trace", "debug", "info", "notice", "warning", "error", "critical"])
    }
}

extension Reading<String?> {
    /// A text, or `nil` for an empty text.
    static let optionalText = Reading { (reader, name) throws(SettingsError) in
        let text = reader.text(name)
        return text.isEmpty ? nil : text
    }

    static let timeZone = Reading { (reader, name) throws(SettingsError) in
        guard let zone = try optionalText.read(reader, name) else { return nil }
        guard zone.wholeMatch(of: #/[+\-]\d{1,2}:\d\d|[A-Za-z][A-Za-z0-9_+\-/]*/#) != nil else {
            throw SettingsError(
                "\(name)=\(zone) is not a time zone: write an offset such as +02:00, or a name such as Europe/Berlin.")
        }
        return zone
    }
}

extension Reading<Bool> {
    static let flag = Reading { (reader, name) throws(SettingsError) in
        switch reader.text(name).lowercased() {
        case "true", "(true)", "1", "on", "yes": true
        case "false", "(false)", "0", "off", "no": false
        case let value: throw SettingsError("\(name)=\(value) is neither true nor false.")
        }
    }

    /// A flag that has the value of another flag if it is empty.
    static func flag(otherwise other: String) -> Reading {
        Reading { (reader, name) throws(SettingsError) in
            try flag.read(reader, reader.text(name).isEmpty ? other : name)
        }
    }

    /// Whether the text is this word.
    ///
    /// Only the words of `others` are accepted beside it, or any text if `others` is `nil`.
    static func `is`(_ word: String, not others: [String]? = nil) -> Reading {
        Reading { (reader, name) throws(SettingsError) in
            guard let others else { return reader.text(name) == word }
            return try reader.choice(name, of: others + [word]) == word
        }
    }
}

extension Reading where Value: BinaryInteger & Sendable {
    static func number(in range: ClosedRange<Int>) -> Reading {
        Reading { (reader, name) throws(SettingsError) in Value(try reader.number(name, in: range)) }
    }
}

extension Reading<Int> {
    /// A number of minutes, as seconds.
    static func minutes(in range: ClosedRange<Int>) -> Reading {
        Reading { (reader, name) throws(SettingsError) in try reader.number(name, in: range) * 60 }
    }
}

extension Reading<Int?> {
    /// A number, or `nil` for `auto`.
    static func numberOrAuto(in range: ClosedRange<Int>) -> Reading {
        Reading { (reader, name) throws(SettingsError) in
            reader.text(name) == "auto" ? nil : try reader.number(name, in: range)
        }
    }
}

extension Reading where Value: RawRepresentable<String> & CaseIterable & Sendable, Value.AllCases: Sendable {
    static var choice: Reading {
        Reading { (reader, name) throws(SettingsError) in
            guard let choice = Value(rawValue: reader.text(name)) else {
                throw SettingsError(
                    "\(name)=\(reader.text(name)) is none of \(Value.allCases.map(\.rawValue).joined(separator: ", "))."
                )
            }
            return choice
        }
    }
}

extension Reading<[String]> {
    static func list(separator: Character) -> Reading {
        Reading { (reader, name) throws(SettingsError) in
            reader.text(name).split(separator: separator).map { String($0.trimming()) }
        }
    }
}

extension Reading<Set<String>> {
    static let redirectSchemes = Reading { (reader, name) throws(SettingsError) in
        let schemes = reader.text(name).lowercased().split(separator: " ").map(String.init)
        for scheme in schemes where !RedirectURI.canAllow(scheme: scheme) {
            throw SettingsError(
                "\(name) has “\(scheme)”, which is not a scheme, or is a scheme that a browser executes: remove it.")
        }
        return Set(schemes)
    }
}

extension Reading<[DatabaseServer.Host]> {
    /// A list of hosts: `db1,db2:3307,[2001:db8::1]:3306`.
    ///
    /// A host without a port gets the port of the other setting.
    static func hosts(port: String) -> Reading {
        Reading { (reader, name) throws(SettingsError) in
            let usual = UInt32(try reader.number(port, in: 1...65535))
            var hosts: [DatabaseServer.Host] = []
            for part in reader.text(name).split(separator: ",", omittingEmptySubsequences: false) {
                guard
                    let match = part.trimming().wholeMatch(
                        of:
                            #/(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.\-_]+))(?::([0-9]{1,5}))?|([0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)/#
                    ),
                    case let own = match.3.map({ UInt32($0) ?? 0 }) ?? usual, (1...65535).contains(own)
                else {
                    throw SettingsError(
                        "\(name)=\(reader.text(name)) is not a host, or a list of hosts with commas between them. Add `:` and the port to a host whose port is not \(port)."
                    )
                }
                hosts.append(DatabaseServer.Host(String(match.1 ?? match.2 ?? match.4 ?? ""), port: own))
            }
            return hosts
        }
    }
}

extension Reading<AccentColor> {
    static let color = Reading { (reader, name) throws(SettingsError) in
        guard let color = AccentColor(reader.text(name)) else {
            throw SettingsError("\(name)=\(reader.text(name)) is not a colour: write `#` and six hexadecimal digits.")
        }
        return color
    }
}

extension Reading<ScopeCatalogue> {
    /// The scopes, with the default scopes of the other setting.
    static func scopes(defaults: String) -> Reading {
        Reading { (reader, name) throws(SettingsError) in
            do throws(ScopeCatalogueError) {
                return try ScopeCatalogue(reader.text(name), defaults: reader.text(defaults))
            } catch {
                throw SettingsError(error.description)
            }
        }
    }
}
