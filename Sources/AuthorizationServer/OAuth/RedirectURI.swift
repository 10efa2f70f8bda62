/// An address that an authorization response may be sent to.
public struct RedirectURI: Sendable, Equatable {
    public let text: String

    /// Takes an address that is already registered.
    init(registered text: some StringProtocol) {
        self.text = String(text)
    }

    /// Checks an address that somebody wants to register; `nil` if it must not be.
    ///
    /// It is absolute and without a fragment (RFC 6749 §3.1.2), has no scheme that runs or reads something in the browser, and `http` only for a program on the same machine
    /// (RFC 9700 §2.6, RFC 8252 §7.3).
    init?(registering text: String) {
        guard text.utf8.count <= 2000, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !Self.refused.contains($0) }),
            let match = text.wholeMatch(of: #/([A-Za-z][A-Za-z0-9+.\-]*):(.+)/#)
        else { return nil }
        let scheme = match.1.lowercased()
        guard !Self.refusedSchemes.contains(scheme) else { return nil }
        if scheme == "http" || scheme == "https" {
            guard let web = match.2.wholeMatch(of: #/\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+)(:[0-9]{1,5})?([\/?].*)?/#) else { return nil }
            guard scheme == "https" || ["127.0.0.1", "[::1]", "localhost"].contains(web.1.lowercased()) else { return nil }
        }
        self.text = text
    }

    /// What a browser runs, or reads from the disk.
    private static let refusedSchemes = ["javascript", "data", "vbscript", "file", "blob", "about"]

    /// A fragment, a comma (it separates), and what no URI has (RFC 3986 §2).
    private static let refused = Set("#,\"<>\\^`{|}".utf8)

    /// Whether a request may name this address: simple string comparison (RFC 9700 §4.1.3), but for the port of a loopback address (RFC 8252 §7.3).
    func matches(_ requested: String) -> Bool {
        if isSame(as: requested) { return true }
        guard let registered = Self.withoutLoopbackPort(text), let requested = Self.withoutLoopbackPort(requested) else { return false }
        return registered.utf8.elementsEqual(requested.utf8)
    }

    /// Whether this is an address byte for byte; Swift's own comparison takes the Kelvin sign for a K.
    func isSame(as other: String) -> Bool {
        text.utf8.elementsEqual(other.utf8)
    }

    private static func withoutLoopbackPort(_ text: String) -> String? {
        for origin in ["http://127.0.0.1", "http://[::1]"] where text.hasPrefix(origin) {
            let rest = text.dropFirst(origin.count)
            guard rest.first == ":" else { return rest.first == nil || rest.first == "/" || rest.first == "?" ? text : nil }
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            let path = rest.dropFirst(1 + digits.count)
            guard UInt16(digits) != nil, path.first == nil || path.first == "/" || path.first == "?" else { return nil }
            return origin + path
        }
        return nil
    }

    /// The address with more parameters in its query, keeping those that it has (RFC 6749 §3.1.2).
    func adding(_ parameters: String) -> String {
        text + (text.contains("?") ? (text.hasSuffix("?") || text.hasSuffix("&") ? "" : "&") : "?") + parameters
    }

    /// Scheme, host and port, or the scheme alone where there is no host.
    var origin: String {
        guard let match = text.prefixMatch(of: #/https?:\/\/[^\/?#]+/#.ignoresCase()) else {
            return String(text.prefix { $0 != ":" }) + ":"
        }
        return String(match.0)
    }

    /// Where somebody who follows it gets to, in a word: a host, this device, or an app on it.
    var destination: (kind: String, name: String) {
        guard let scheme = origin.firstRange(of: "://") else { return ("app", String(origin.dropLast())) }
        let host = String(origin[scheme.upperBound...])
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        return ["localhost", "127.0.0.1", "[::1]"].contains(String(name)) ? ("device", host) : ("host", host)
    }

    /// The origin as a source of a Content-Security-Policy, which has no way to write an IPv6 address; `nil` where an adopted row holds something stranger.
    var contentSecuritySource: String? {
        guard !Self.refusedSchemes.contains(text.prefix { $0 != ":" }.lowercased()) else { return nil }
        let source = origin.contains("[") ? String(origin.prefix { $0 != ":" }) + ":" : origin
        return source.wholeMatch(of: #/[A-Za-z0-9+.:\/\-]+/#) == nil ? nil : source
    }
}
