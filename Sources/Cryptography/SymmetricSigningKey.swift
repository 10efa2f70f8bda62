import Crypto
import FoundationEssentials

/// A secret key that signs and verifies with HMAC-SHA256 (`HS256`, RFC 7518 §3.2).
package struct SymmetricSigningKey: Sendable {
    private let key: SymmetricKey

    init(_ key: SymmetricKey) {
        self.key = key
    }

    /// Creates a key from its bytes.
    package init(bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
    }

    /// Returns the signature of some bytes.
    package func sign(_ bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    }

    /// Returns whether the signature is valid for the bytes.
    package func isValid(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: bytes, using: key)
    }
}
