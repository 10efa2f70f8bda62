/// Unguessable values from the system's random generator.
package enum Random {
    /// Returns this many random bytes.
    package static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            // Each number is a system call, so all eight bytes of the number are used.
            let number: UInt64 = generator.next()
            for shift in stride(from: 0, to: min(64, (count - bytes.count) * 8), by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        return bytes
    }

    /// Returns a token of 256 bits, in the form that a client receives.
    package static func token() -> String {
        Base64URL.encode(bytes(32))
    }

    /// Returns this many random letters and digits, with 5.95 bits each.
    package static func alphanumeric(_ count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] })
    }

    /// Returns a random UUID (RFC 9562 §5.4), in lower case.
    package static func uuid() -> String {
        var bytes = bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let hex = Array(Hexadecimal.encode(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }

    /// Returns a ULID in lower case, as Laravel writes it.
    ///
    /// A ULID has 48 bits of milliseconds and 80 random bits, in Crockford's base 32.
    package static func ulid(millisecondsSince1970: Int64) -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        let clock = (0..<10).reversed().map { alphabet[Int(millisecondsSince1970 >> ($0 * 5) & 31)] }
        return String(clock + bytes(16).map { alphabet[Int($0 & 31)] })
    }

    /// Returns an id that sorts by time.
    ///
    /// The id has 48 bits of milliseconds and then 128 random bits, in hexadecimal.
    package static func sortableID(millisecondsSince1970: Int64) -> String {
        let clock = (0..<6).reversed().map { UInt8(truncatingIfNeeded: millisecondsSince1970 >> ($0 * 8)) }
        return Hexadecimal.encode(clock + bytes(16))
    }
}
