/// A permission that a client may receive: an id for requests, and a description for people.
package struct Scope: Sendable, Equatable {
    package let id: String
    package let description: String

    /// Creates a scope.
    package init(id: String, description: String) {
        self.id = id
        self.description = description
    }
}

/// The scopes of this server, and the default scopes for a request that names no scope.
///
/// The scopes are a setting, not a table. They belong to the applications that check them. They
/// change when those applications are deployed, and they cost no SQL statement.
package struct ScopeCatalogue: Sendable {
    /// All scopes, in the order of the setting.
    package let all: [Scope]
    private let defaults: [String]

    /// Creates a catalogue without scopes.
    package init() { (all, defaults) = ([], []) }

    /// Reads `place-orders Place orders; check-status Check order status`, and the ids of the
    /// default scopes.
    package init(_ text: String, defaults: String) throws(ScopeCatalogueError) {
        var scopes: [Scope] = []
        for part in text.split(whereSeparator: { $0 == ";" || $0 == "\n" }) {
            let words = part.split(separator: " ", maxSplits: 1)
            guard let id = words.first else { continue }
            guard Self.isScopeToken(id), id != "*", !scopes.contains(where: { $0.id == id }) else {
                throw ScopeCatalogueError(
                    "SCOPES has “\(id)”, which comes twice or is not a scope id: an id has visible ASCII without quotes and backslashes, and `*` is reserved."
                )
            }
            scopes.append(Scope(id: String(id), description: words.count == 2 ? String(words[1]) : String(id)))
        }
        all = scopes
        self.defaults = defaults.split(separator: " ").map(String.init)
        for id in self.defaults where !scopes.contains(where: { $0.id == id }) {
            throw ScopeCatalogueError("DEFAULT_SCOPES names “\(id)”, which SCOPES does not have.")
        }
    }

    /// Returns the ids of a `scope` parameter, each once, or the default scopes (RFC 6749 §3.3).
    ///
    /// Throws `invalid_scope`.
    package func resolve(_ parameter: String?) throws(OAuthError) -> [String] {
        guard let known = try known(parameter) else { return defaults }
        return known
    }

    /// Returns the ids of a `scope` parameter, each once, without the ids that have no meaning
    /// here.
    ///
    /// Returns `nil` if the parameter is absent or contains only ids without meaning.
    package func known(_ parameter: String?) throws(OAuthError) -> [String]? {
        guard let parameter else { return nil }
        var ids: [String] = []
        let asked = parameter.split(separator: " ").map(String.init).filter { !Self.isIgnored($0) || contains($0) }
        for id in asked where !ids.contains(id) {
            guard contains(id) else { throw .invalidScope(id) }
            ids.append(id)
        }
        return asked.isEmpty && !parameter.allSatisfy({ $0 == " " }) ? nil : ids
    }

    /// Returns whether an id is a scope of OpenID Connect that client libraries always ask for.
    ///
    /// These scopes are ignored here, because a refusal would not give them a meaning.
    package static func isIgnored(_ id: String) -> Bool { ["openid", "offline_access"].contains(id) }

    /// Returns whether a scope with this id exists.
    ///
    /// A scope called `*` never exists.
    package func contains(_ id: String) -> Bool {
        all.contains { $0.id.utf8.elementsEqual(id.utf8) }
    }

    /// Returns the scopes with these ids, in the order of the ids.
    ///
    /// A token may have scopes that no longer exist.
    package func describe(_ ids: [String]) -> [Scope] {
        ids.map { id in all.first { $0.id == id } ?? Scope(id: id, description: id) }
    }

    /// Returns whether a text has the form `1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 §3.3).
    private static func isScopeToken(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { $0 == 0x21 || (0x23...0x5b).contains($0) || (0x5d...0x7e).contains($0) }
    }
}

/// The error for a list of scopes that cannot be used.
package struct ScopeCatalogueError: Error {
    /// One sentence that names the setting and says what is wrong.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
