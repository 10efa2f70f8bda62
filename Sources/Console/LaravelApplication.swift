import AuthorizationServer
import Foundation

/// A Laravel application: the values of its `.env` and its configuration, as Laravel reads them.
struct LaravelApplication {
    private let folder: URL
    /// The settings of the `.env` under the same names, without the settings that have no value.
    private let own: [String: String]
    private let environment: [String: String]

    /// Reads the `.env` in a folder.
    ///
    /// Throws one sentence if no `.env` exists or if it cannot be used.
    init(in folder: URL, environment: [String: String]) throws {
        self.folder = folder
        self.environment = environment.filter { !$0.value.isEmpty }
        guard let values = try SettingsSource.read(folder.appending(path: ".env").path(), environment) else {
            throw ConsoleError("\(folder.path()) is no Laravel application: it has no .env.")
        }
        own = values.compactMapValues(Self.configured)
    }

    /// Returns a value as `env()` gives it to the configuration.
    ///
    /// Returns `nil` for `null` and for an empty value.
    private static func configured(_ value: String) -> String? {
        switch value.lowercased() {
        case "", "null", "(null)", "empty", "(empty)": return nil
        case "true", "(true)": return "true"
        case "false", "(false)": return "false"
        default: break
        }
        // One pair of quotes within quotes is removed too.
        guard value.count > 2, let quote = value.first, quote == "'" || quote == "\"", value.last == quote else {
            return value
        }
        return String(value.dropFirst().dropLast())
    }

    /// Returns the settings of the application, including its database address, its keys, and the
    /// kind of tokens that its Passport accepts.
    func values() throws -> [String: String] {
        let address = try databaseAddress()
        let driver = address["DB_CONNECTION"] ?? own["DB_CONNECTION"] ?? "mysql"
        guard ["mysql", "mariadb"].contains(driver) else {
            throw ConsoleError(
                "\(folder.appending(path: ".env").path()) says DB_CONNECTION=\(driver), but Consulate works on MariaDB."
            )
        }
        return ["KEYS_PATH": folder.appending(path: "storage").path(), "TOKEN_PROFILE": "passport"].merging(own) {
            _, own in own
        }
        .merging(["DB_TIMEZONE": connectionTimeZone(driver)]) { _, configured in configured }
        .merging(address) { _, address in address }
    }

    /// Returns the values in `DB_URL`, or in `DATABASE_URL` of older Laravel versions.
    ///
    /// They take precedence over the other values.
    private func databaseAddress() throws -> [String: String] {
        for name in ["DB_URL", "DATABASE_URL"] {
            guard let text = environment[name] ?? own[name] else { continue }
            guard let url = URLComponents(string: text), let scheme = url.scheme else {
                throw ConsoleError(
                    "Laravel's \(name) is not an address such as mysql://user:password@host:3306/database: encode its special characters."
                )
            }
            var values = ["DB_CONNECTION": scheme == "mysql2" ? "mysql" : scheme]
            values["DB_HOST"] = url.host.flatMap { $0.isEmpty ? nil : $0 }
            values["DB_PORT"] = url.port.map { String($0) }
            values["DB_USERNAME"] = url.user
            values["DB_PASSWORD"] = url.password
            let database = url.path.drop { $0 == "/" }
            if !database.isEmpty { values["DB_DATABASE"] = String(database) }
            for item in url.queryItems ?? [] {
                switch item.name {
                case "unix_socket": values["DB_SOCKET"] = item.value
                case "prefix": values["DB_PREFIX"] = item.value
                default: break
                }
            }
            return values
        }
        return [:]
    }

    // MARK: - The time zone

    /// Throws a sentence if Laravel's time zone is not UTC.
    ///
    /// Passport writes local times if Laravel is set to a local time zone. Consulate's times are
    /// UTC.
    func checkTimeZone() throws {
        let zone = try timeZone()
        guard Self.isUTC(zone) else {
            throw ConsoleError(
                "Laravel keeps its times in \(zone), and Consulate keeps them in UTC: tokens would end hours too early or too late. Set Laravel's timezone to UTC."
            )
        }
    }

    static func isUTC(_ zone: String) -> Bool {
        ["utc", "gmt", "etc/utc", "etc/gmt", "+00:00"].contains(zone.lowercased())
    }

    private func timeZone() throws -> String {
        // Laravel 11 and later use their own configuration if the application has none.
        let usual = environment["APP_TIMEZONE"] ?? own["APP_TIMEZONE"] ?? "UTC"
        guard let entry = configuration("app").flatMap({ Self.timeZone(of: $0) }) else { return usual }
        return value(of: entry) ?? "UTC"
    }

    /// Returns the time zone of a connection in `config/database.php`.
    ///
    /// An empty text means that the file contains no time zone, so the server's time zone counts.
    private func connectionTimeZone(_ name: String) -> String {
        guard let array = configuration("database").flatMap({ Self.array(name, of: $0) }) else { return "" }
        return Self.timeZone(of: array).flatMap(value) ?? array.firstMatch(of: #/\btime_zone\s*=\s*\\?['"]([^'"\\]+)/#)
            .map { String($0.1) } ?? ""
    }

    /// Returns the array with this name in a configuration, up to its closing bracket.
    private static func array(_ name: String, of configuration: String) -> String? {
        let opening = configuration.matches(of: #/['"](\w+)['"]\s*=>\s*\[/#).first { $0.1 == name }
        guard let start = opening?.range.upperBound else { return nil }
        var (depth, end) = (1, start)
        while end < configuration.endIndex, depth > 0 {
            if configuration[end] == "[" { depth += 1 }
            if configuration[end] == "]" { depth -= 1 }
            end = configuration.index(after: end)
        }
        return String(configuration[start..<end])
    }

    /// Returns the value after `'timezone' =>`: the name of a setting, a text, or both.
    private static func timeZone(of configuration: String) -> (setting: String?, text: String?)? {
        configuration.firstMatch(
            of: #/['"]timezone['"]\s*=>\s*(?:env\(\s*['"](?<name>\w+)['"]\s*(?:,\s*)?)?(?:['"](?<zone>[^'"]+)['"])?/#
        ).map { ($0.name.map { String($0) }, $0.zone.map { String($0) }) }
    }

    private func value(of entry: (setting: String?, text: String?)) -> String? {
        entry.setting.flatMap { environment[$0] ?? own[$0] } ?? entry.text
    }

    /// Returns a file of the application's configuration, without comments.
    private func configuration(_ name: String) -> String? {
        (try? String(contentsOf: folder.appending(path: "config/\(name).php"), encoding: .utf8)).map(
            Self.withoutComments)
    }

    /// Returns a PHP file without its comments.
    ///
    /// A comment mark inside of a string starts no comment.
    private static func withoutComments(_ php: String) -> String {
        var (kept, rest) = ("", php[...])
        while let character = rest.first {
            if rest.hasPrefix("/*") {
                rest = rest.dropFirst(2)
                rest = rest.firstRange(of: "*/").map { rest[$0.upperBound...] } ?? ""
            } else if rest.hasPrefix("//") || character == "#" && !rest.hasPrefix("#[") {
                rest = rest.drop { !$0.isNewline }
            } else if character == "'" || character == "\"" {
                var end = rest.index(after: rest.startIndex)
                while end < rest.endIndex, rest[end] != character {
                    end =
                        rest.index(end, offsetBy: rest[end] == "\\" ? 2 : 1, limitedBy: rest.endIndex) ?? rest.endIndex
                }
                if end < rest.endIndex { end = rest.index(after: end) }
                kept += rest[..<end]
                rest = rest[end...]
            } else {
                kept.append(character)
                rest = rest.dropFirst()
            }
        }
        return kept
    }
}
