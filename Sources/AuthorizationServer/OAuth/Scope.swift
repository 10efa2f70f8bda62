/// Something that a client may be allowed to do: an id for the wire, a description for people.
public struct Scope: Sendable, Equatable {
    public let id: String
    public let description: String
}

/// The scopes that exist here, and those that a request without any gets.
///
/// They are a setting, not a table: they belong to the applications that check them, change when those are deployed, and cost no statement.
public struct ScopeCatalogue: Sendable {
    /// In the order of the setting.
    public let all: [Scope]
    private let defaults: [String]

    /// Reads `place-orders Place orders; check-status Check order status` and the ids of the default set.
    public init(_ text: String, defaults: String) throws(SettingsError) {
        var scopes: [Scope] = []
        for part in text.split(whereSeparator: { $0 == ";" || $0 == "\n" }) {
            let words = part.split(separator: " ", maxSplits: 1)
            guard let id = words.first else { continue }
            guard Self.isScopeToken(id), id != "*", !scopes.contains(where: { $0.id == id }) else {
                throw SettingsError(
                    "SCOPES has “\(id)”, which comes twice or is no scope id: those have visible ASCII without quotes and backslashes, and `*` is ours."
                )
            }
            scopes.append(Scope(id: String(id), description: words.count == 2 ? String(words[1]) : String(id)))
        }
        all = scopes
        self.defaults = defaults.split(separator: " ").map(String.init)
        for id in self.defaults where !scopes.contains(where: { $0.id == id }) {
            throw SettingsError("DEFAULT_SCOPES names “\(id)”, which SCOPES does not have.")
        }
    }

    /// The ids of a `scope` parameter, each once, or the default set (RFC 6749 §3.3); throws `invalid_scope`.
    public func resolve(_ parameter: String?) throws(OAuthError) -> [String] {
        guard let known = try known(parameter) else { return defaults }
        return known
    }

    /// The ids of a `scope` parameter, each once, without those that mean nothing here; `nil` if
    /// there is none.
    func known(_ parameter: String?) throws(OAuthError) -> [String]? {
        guard let parameter else { return nil }
        var ids: [String] = []
        let asked = parameter.split(separator: " ").map(String.init).filter { !Self.isIgnored($0) || contains($0) }
        for id in asked where !ids.contains(id) {
            guard contains(id) else { throw .invalidScope(id) }
            ids.append(id)
        }
        return asked.isEmpty && !parameter.allSatisfy({ $0 == " " }) ? nil : ids
    }

    /// OpenID Connect's scopes that client libraries always ask for: they get no meaning by being
    /// refused.
    static func isIgnored(_ id: String) -> Bool { ["openid", "offline_access"].contains(id) }

    /// Whether there is a scope of this id; there is never one called `*`.
    public func contains(_ id: String) -> Bool {
        all.contains { $0.id.utf8.elementsEqual(id.utf8) }
    }

    /// The scopes with these ids, in the order of the ids; a token may have some that are gone.
    public func describe(_ ids: [String]) -> [Scope] {
        ids.map { id in all.first { $0.id == id } ?? Scope(id: id, description: id) }
    }

    /// `1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 §3.3).
    private static func isScopeToken(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { $0 == 0x21 || (0x23...0x5b).contains($0) || (0x5d...0x7e).contains($0) }
    }
}
