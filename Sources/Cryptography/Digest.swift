import Crypto

/// SHA-256, the right hash for values with 128 random bits or more.
package enum Digest {
    /// Returns the digest of a token, in hexadecimal, as the tables store it.
    package static func hexadecimal(_ token: String) -> String {
        Hexadecimal.encode(sha256(token))
    }

    /// Returns the digest of a file, in hexadecimal.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
        Hexadecimal.encode(SHA256.hash(data: bytes))
    }

    /// Returns the digest of a text.
    package static func sha256(_ text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// Compares two texts in a time that does not reveal where they differ.
    package static func areEqual(_ one: String, _ other: String) -> Bool {
        // swift-crypto compares digests in constant time. Arrays of bytes have no constant-time
        // comparison.
        SHA256.hash(data: Array(one.utf8)) == SHA256.hash(data: Array(other.utf8))
    }
}
