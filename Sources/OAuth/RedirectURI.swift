import HTTP

/// An address that an authorization response may be sent to.
package struct RedirectURI: Sendable, Equatable {
    package let text: String

    /// Creates a redirect URI from an address that is already registered.
    package init(registered text: some StringProtocol) {
        self.text = String(text)
    }

    /// Checks an address that somebody wants to register, and returns `nil` if it is not allowed.
    ///
    /// The address must be absolute and must not have a fragment (RFC 6749 §3.1.2). `http` is only
    /// for a program on the same machine (RFC 9700 §2.6, RFC 8252 §7.3). An app's own scheme must
    /// have a dot (RFC 8252 §7.1), because the schemes that a browser or a system runs have no dot.
    /// `allowed` contains additional schemes that the operator permits.
    package init?(registering text: String, allowing allowed: Set<String> = []) {
        guard text.utf8.count <= Self.longest,
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !Self.refused.contains($0) }),
            let colon = text.firstIndex(of: ":"), Self.isScheme(text[..<colon])
        else { return nil }
        let (scheme, rest) = (text[..<colon].lowercased(), text[text.index(after: colon)...])
        if scheme == "http" || scheme == "https" {
            guard rest.hasPrefix("//"), let authority = Authority(rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" })
            else { return nil }
            guard scheme == "https" || authority.isLoopback || allowed.contains(scheme) else { return nil }
        } else {
            guard !rest.isEmpty, scheme.contains(".") || allowed.contains(scheme) else { return nil }
        }
        self.text = text
    }

    /// The maximum length in bytes.
    package static let longest = 2000
    /// The maximum number of redirect URIs of a client.
    package static let most = 20

    /// Returns whether an operator may permit a scheme.
    package static func canAllow(scheme: String) -> Bool {
        isScheme(scheme[...])
            && !["javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source"].contains(
                scheme)
    }

    /// Returns whether a text is a scheme: a letter, then letters, digits, `+`, `-` and `.`
    /// (RFC 3986 §3.1).
    package static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }

    /// The refused characters: the start of a fragment, the comma (a separator), and the characters
    /// that no URI contains (RFC 3986 §2).
    private static let refused = Set("#,\"<>\\^`{|}".utf8)

    /// Whether the address identifies a public client.
    ///
    /// Any app can claim a private scheme or a loopback port (RFC 8252 §8.6).
    package var identifiesClient: Bool { text.lowercased().hasPrefix("https://") }

    /// Returns whether a request may name this address.
    ///
    /// The check is a simple string comparison (RFC 9700 §4.1.3), except for the port of a loopback
    /// address (RFC 8252 §7.3).
    package func matches(_ requested: String) -> Bool {
        if isSame(as: requested) { return true }
        guard let registered = Self.withoutLoopbackPort(text), let requested = Self.withoutLoopbackPort(requested)
        else { return false }
        return registered.utf8.elementsEqual(requested.utf8)
    }

    /// Returns whether this is the same address, byte for byte.
    ///
    /// Swift's own comparison treats the Kelvin sign as a K.
    package func isSame(as other: String) -> Bool {
        text.utf8.elementsEqual(other.utf8)
    }

    private static func withoutLoopbackPort(_ text: String) -> String? {
        for origin in ["http://127.0.0.1", "http://[::1]"] where text.hasPrefix(origin) {
            let rest = text.dropFirst(origin.count)
            guard rest.first == ":" else {
                return rest.first == nil || rest.first == "/" || rest.first == "?" ? text : nil
            }
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            let path = rest.dropFirst(1 + digits.count)
            guard UInt16(digits) != nil, path.first == nil || path.first == "/" || path.first == "?" else { return nil }
            return origin + path
        }
        return nil
    }

    /// Returns the address with additional parameters in its query, after the existing parameters
    /// (RFC 6749 §3.1.2).
    package func adding(_ parameters: String) -> String {
        text + (text.contains("?") ? (text.hasSuffix("?") || text.hasSuffix("&") ? "" : "&") : "?") + parameters
    }

    /// The scheme, the host and the port, or only the scheme if the address has no host.
    package var origin: String {
        guard let match = text.prefixMatch(of: #/https?:\/\/[^\/?#]+/#.ignoresCase()) else {
            return String(text.prefix { $0 != ":" }) + ":"
        }
        return String(match.0)
    }

    /// The kind and the name of the place that the address leads to: a host, this device, or an app
    /// on it.
    package var destination: (kind: String, name: String) {
        guard let scheme = origin.firstRange(of: "://") else { return ("app", String(origin.dropLast())) }
        let host = String(origin[scheme.upperBound...])
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return ["localhost", "127.0.0.1", "[::1]"].contains(String(name)) ? ("device", host) : ("host", host)
    }
}
