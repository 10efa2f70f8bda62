import Crypto
import FoundationEssentials

/// `APP_KEY`, and the keys derived from it, one for each purpose so that nothing made for one is of use for another.
public struct ApplicationKey: Sendable {
    private let key: SymmetricKey

    /// What a derived key is for.
    public enum Purpose: String, Sendable {
        case authorizationCode = "authorization code"
        case refreshToken = "refresh token"
        case crossSiteRequest = "CSRF token"
        case transientToken = "transient token"
    }

    /// Reads `base64:` and 32 bytes, as Laravel writes it; `nil` for anything else.
    public init?(_ text: String) {
        guard text.hasPrefix("base64:"), let bytes = Data(base64Encoded: String(text.dropFirst(7))), bytes.count == 32 else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// A new key, as text.
    public static func generate() -> String {
        "base64:" + Data(Random.bytes(32)).base64EncodedString()
    }

    /// HMAC-SHA256 of a text under the purpose's key (RFC 2104, RFC 5869).
    public func authenticate(_ text: String, for purpose: Purpose) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: derived(for: purpose)))
    }

    /// The purpose's key as one that signs with HS256.
    public func signingKey(for purpose: Purpose) -> SymmetricSigningKey {
        SymmetricSigningKey(derived(for: purpose))
    }

    private func derived(for purpose: Purpose) -> SymmetricKey {
        HKDF<SHA256>.expand(pseudoRandomKey: key, info: Data("consulate \(purpose.rawValue)".utf8), outputByteCount: 32)
    }
}

/// A secret key that signs and verifies with HMAC-SHA256 (`HS256`, RFC 7518 §3.2).
public struct SymmetricSigningKey: Sendable {
    private let key: SymmetricKey

    init(_ key: SymmetricKey) {
        self.key = key
    }

    /// Takes the bytes of a key.
    public init(bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
    }

    /// The signature of some bytes.
    public func sign(_ bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    }

    /// Whether the signature fits the bytes.
    public func isValid(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: bytes, using: key)
    }
}
