/// The network of an address.
///
/// The limits count networks, not addresses. A person with an IPv6 address has a whole /64, and
/// could use another address for each attempt. An IPv4-mapped address (RFC 4291 §2.5.5.2) counts
/// as the IPv4 address.
package enum Network {
    /// Returns the network of an address: `192.0.2.7`, or `2001:db8:0:1::/64`.
    ///
    /// A text that is not an address is its own network.
    package static func of(_ address: String) -> String {
        guard let groups = groups(of: address) else { return address }
        if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xffff {
            return groups[6...].flatMap { [$0 >> 8, $0 & 255] }.map { String($0) }.joined(separator: ".")
        }
        return groups[..<4].map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }

    /// Returns the eight groups of an IPv6 address in any of its spellings (RFC 4291 §2.2).
    ///
    /// Returns `nil` for any other text.
    static func groups(of address: some StringProtocol) -> [UInt16]? {
        guard address.utf8.count <= 45, address.utf8.contains(UInt8(ascii: ":")) else { return nil }
        let halves = address.components(separatedBy: "::")
        guard halves.count <= 2 else { return nil }
        let parts = halves.enumerated().map { index, half in numbers(half, mayEndInIPv4: index == halves.count - 1) }
        guard let head = parts[0], let tail = parts.count == 2 ? parts[1] : [] else { return nil }
        let missing = 8 - head.count - tail.count
        guard halves.count == 2 ? missing >= 1 : missing == 0 else { return nil }
        return head + Array(repeating: 0, count: missing) + tail
    }

    private static func numbers(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var numbers: [UInt16] = []
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, group) in groups.enumerated() {
            if mayEndInIPv4, index == groups.count - 1, let bytes = bytes(ofIPv4: group) {
                numbers += [UInt16(bytes[0]) << 8 | UInt16(bytes[1]), UInt16(bytes[2]) << 8 | UInt16(bytes[3])]
            } else {
                guard (1...4).contains(group.utf8.count), group.utf8.allSatisfy(isHexadecimal),
                    let number = UInt16(group, radix: 16)
                else {
                    return nil
                }
                numbers.append(number)
            }
        }
        return numbers
    }

    private static func bytes(ofIPv4 text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt8($0) : nil }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}

extension StringProtocol {
    /// Returns the two sides of each `separator`, by bytes.
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        Substring(self).split(separator: separator, omittingEmptySubsequences: false)
    }
}
