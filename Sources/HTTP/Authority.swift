/// The host and the port of a web address (RFC 3986 §3.2).
package struct Authority: Sendable, Equatable {
    /// The host, as written.
    ///
    /// An IPv6 address has its brackets.
    package let host: String
    package let port: Int?

    /// Reads `host` or `host:port`.
    ///
    /// Returns `nil` for another form, an empty host or a port above 65535. User information is
    /// refused.
    package init?(_ text: some StringProtocol) {
        let text = Substring(text)
        guard text.utf8.count <= 300 else { return nil }
        let end =
            text.first == "["
            ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":") ?? text.endIndex
        guard let end else { return nil }
        host = String(text[..<end])
        let rest = text[end...]
        if rest.isEmpty {
            port = nil
        } else {
            let digits = rest.dropFirst()
            guard rest.first == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits)
            else { return nil }
            port = Int(number)
        }
        guard Self.isHost(host) else { return nil }
    }

    /// Whether the host is on the same machine.
    package var isLoopback: Bool { ["127.0.0.1", "[::1]", "localhost"].contains(host.lowercased()) }

    /// Returns whether a text is `IP-literal / IPv4address / reg-name` (RFC 3986 §3.2.2) and not
    /// empty.
    private static func isHost(_ host: String) -> Bool {
        guard host.first != "[" else {
            let literal = host.dropFirst().dropLast()
            return host.last == "]" && (Network.groups(of: literal) != nil || isFutureAddress(literal))
        }
        return !host.isEmpty && PercentEncoding.decode(host.utf8) != nil
            && host.utf8.allSatisfy { isUnreserved($0) || isSubDelimiter($0) || $0 == UInt8(ascii: "%") }
    }

    /// Returns whether a text is an address of a later version, such as `v1.a:b` (RFC 3986 §3.2.2).
    private static func isFutureAddress(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].first == "v" || parts[0].first == "V", !parts[1].isEmpty else { return false }
        let version = parts[0].dropFirst()
        return !version.isEmpty && version.allSatisfy { $0.isASCII && $0.isHexDigit }
            && parts[1].utf8.allSatisfy { isUnreserved($0) || isSubDelimiter($0) || $0 == UInt8(ascii: ":") }
    }

    /// Returns whether a byte is an unreserved character (RFC 3986 §2.3).
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isSubDelimiter(_ byte: UInt8) -> Bool {
        "!$&'()*+,;=".utf8.contains(byte)
    }
}
