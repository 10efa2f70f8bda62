import HTTP

/// An address that an authorization response may be sent to.
public struct RedirectURI: Sendable, Equatable {
    public let text: String

    /// Takes an address that is already registered.
    init(registered text: some StringProtocol) {
        self.text = String(text)
    }

    /// Checks an address that somebody wants to register; `nil` if it must not be.
    ///
    /// It is absolute and without a fragment (RFC 6749 §3.1.2). `http` is for a program on the same
    /// machine (RFC 9700 §2.6, RFC 8252 §7.3). An app's own scheme has a dot (RFC 8252 §7.1): the
    /// schemes that a browser or a system runs have none. `allowed` are schemes that the operator
    /// permits beside these.
    init?(registering text: String, allowing allowed: Set<String> = []) {
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

    /// In bytes.
    static let longest = 2000
    /// How many a client may have.
    static let most = 20

    /// Whether an operator may permit a scheme.
    static func canAllow(scheme: String) -> Bool {
        isScheme(scheme[...])
            && !["javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source"].contains(
                scheme)
    }

    /// A scheme is a letter with letters, digits, `+`, `-` and `.` behind it (RFC 3986 §3.1).
    static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }

    /// A fragment, a comma (it separates), and what no URI has (RFC 3986 §2).
    private static let refused = Set("#,\"<>\\^`{|}".utf8)

    /// Whether it identifies a public client: any app can claim a private scheme or a loopback port
    /// (RFC 8252 §8.6).
    var identifiesClient: Bool { text.lowercased().hasPrefix("https://") }

    /// Whether a request may name this address: simple string comparison (RFC 9700 §4.1.3), but for the port of a loopback address (RFC 8252 §7.3).
    func matches(_ requested: String) -> Bool {
        if isSame(as: requested) { return true }
        guard let registered = Self.withoutLoopbackPort(text), let requested = Self.withoutLoopbackPort(requested)
        else { return false }
        return registered.utf8.elementsEqual(requested.utf8)
    }

    /// Whether this is an address byte for byte; Swift's own comparison takes the Kelvin sign for a K.
    func isSame(as other: String) -> Bool {
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
}
