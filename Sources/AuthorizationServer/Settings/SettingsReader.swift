import HTTP
import MariaDB
import OAuth
import Pages

/// A reader that converts values to their types, and throws one sentence about the first invalid
/// value.
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

    func optionalText(_ name: String) -> String? {
        let text = text(name)
        return text.isEmpty ? nil : text
    }

    func flag(_ name: String) throws(SettingsError) -> Bool {
        switch text(name).lowercased() {
        case "true", "(true)", "1", "on", "yes": true
        case "false", "(false)", "0", "off", "no": false
        case let value: throw SettingsError("\(name)=\(value) is neither true nor false.")
        }
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

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws(SettingsError) -> Choice {
        guard let choice = Choice(rawValue: text(name)) else {
            throw SettingsError(
                "\(name)=\(text(name)) is none of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return choice
    }

    /// Reads a log level.
    ///
    /// Laravel has two levels above `critical`.
    func logLevel(_ name: String) throws(SettingsError) -> String {
        guard !["alert", "emergency"].contains(text(name)) else { return "critical" }
        return try choice(name, of: ["trace", "debug", "info", "notice", "warning", "error", "critical"])
    }

    /// Reads a list of hosts: `db1,db2:3307,[2001:db8::1]:3306`.
    ///
    /// A host without a port gets `port`, the value of the other setting.
    func hosts(_ name: String, port: Int) throws(SettingsError) -> [DatabaseServer.Host] {
        var hosts: [DatabaseServer.Host] = []
        for part in text(name).split(separator: ",", omittingEmptySubsequences: false).map({ $0.trimming() }) {
            guard
                let match = part.wholeMatch(
                    of:
                        #/(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.\-_]+))(?::([0-9]{1,5}))?|([0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)/#
                ),
                case let own = match.3.map({ UInt32($0) ?? 0 }) ?? UInt32(port), (1...65535).contains(own)
            else {
                throw SettingsError(
                    "\(name)=\(text(name)) is not a host, or a list of hosts with commas between them. Add `:` and the port to a host whose port is not DB_PORT."
                )
            }
            hosts.append(DatabaseServer.Host(String(match.1 ?? match.2 ?? match.4 ?? ""), port: own))
        }
        return hosts
    }

    func tablePrefix(_ name: String) throws(SettingsError) -> String {
        guard text(name).wholeMatch(of: #/[A-Za-z0-9_]*/#) != nil else {
            throw SettingsError(
                "\(name)=\(text(name)) cannot begin the name of a table: use letters, digits and underscores.")
        }
        return text(name)
    }

    func timeZone(_ name: String) throws(SettingsError) -> String? {
        guard let zone = optionalText(name) else { return nil }
        guard zone.wholeMatch(of: #/[+\-]\d{1,2}:\d\d|[A-Za-z][A-Za-z0-9_+\-/]*/#) != nil else {
            throw SettingsError(
                "\(name)=\(zone) is not a time zone: write an offset such as +02:00, or a name such as Europe/Berlin.")
        }
        return zone
    }

    func color(_ name: String) throws(SettingsError) -> AccentColor {
        guard let color = AccentColor(text(name)) else {
            throw SettingsError("\(name)=\(text(name)) is not a colour: write `#` and six hexadecimal digits.")
        }
        return color
    }

    func redirectSchemes(_ name: String) throws(SettingsError) -> Set<String> {
        let schemes = text(name).lowercased().split(separator: " ").map(String.init)
        for scheme in schemes where !RedirectURI.canAllow(scheme: scheme) {
            throw SettingsError(
                "\(name) has “\(scheme)”, which is not a scheme, or is a scheme that a browser executes: remove it.")
        }
        return Set(schemes)
    }

    func url(_ name: String) throws(SettingsError) -> String {
        var url = text(name)
        while url.hasSuffix("/") { url.removeLast() }
        let scheme = ["http://", "https://"].first { url.hasPrefix($0) }
        guard let scheme, Authority(url.dropFirst(scheme.count)) != nil else {
            throw SettingsError(
                "\(name)=\(text(name)) is not http:// or https:// with a host and optionally a port, and nothing after them."
            )
        }
        return url
    }
}
