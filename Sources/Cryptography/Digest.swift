import Crypto
import FoundationEssentials

/// SHA-256, the right hash for what has 128 random bits or more.
public enum Digest {
    /// The digest of a token, in hexadecimal, as the tables hold it.
    public static func hexadecimal(_ token: String) -> String {
        Hexadecimal.encode(SHA256.hash(data: Data(token.utf8)))
    }

    /// The digest of a text.
    public static func sha256(_ text: String) -> [UInt8] {
        Array(SHA256.hash(data: Data(text.utf8)))
    }

    /// Compares two texts in a time that does not tell where they differ.
    public static func areEqual(_ one: String, _ other: String) -> Bool {
        let one = Array(one.utf8)
        let other = Array(other.utf8)
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | $1.0 ^ $1.1 } == 0
    }
}
