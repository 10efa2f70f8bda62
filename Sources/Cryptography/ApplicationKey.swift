import Crypto
import FoundationEssentials

/// `APP_KEY` with `APP_PREVIOUS_KEYS`, and the keys derived from them.
///
/// Each purpose has its own derived key, so a value created for one purpose is useless for another.
/// Laravel's own formats use the key itself.
package struct ApplicationKey: Sendable {
    /// The current key, then the previous keys.
    ///
    /// Only the current key creates values. Values of the previous keys are still accepted.
    let keys: [SymmetricKey]

    /// The purpose of a derived key.
    package enum Purpose: String, Sendable {
        case authorizationCode = "authorization code"
        case refreshToken = "refresh token"
        case crossSiteRequest = "CSRF token"
        case cacheKey = "cache key"
        case knownBrowser = "known browser"
        case signInRequest = "sign-in request"
    }

    /// Reads the key and the previous keys in the forms that Laravel accepts.
    ///
    /// A key is `base64:` and 32 bytes, or 32 bytes as they are. Returns `nil` for any other form.
    package init?(_ text: String, previous: [String] = []) {
        keys = ([text] + previous).compactMap(Self.read)
        guard keys.count == previous.count + 1 else { return nil }
    }

    private static func read(_ text: String) -> SymmetricKey? {
        // Laravel's oldest keys are 32 characters as they are.
        guard text.hasPrefix("base64:") else {
            return text.utf8.count == 32 ? SymmetricKey(data: Data(text.utf8)) : nil
        }
        guard let bytes = Data(base64Encoded: String(text.dropFirst(7))), bytes.count == 32 else { return nil }
        return SymmetricKey(data: bytes)
    }

    /// Returns a new key, as text.
    package static func generate() -> String {
        "base64:" + Data(Random.bytes(32)).base64EncodedString()
    }

    /// Returns the HMAC-SHA256 of a text under the purpose's key (RFC 2104, RFC 5869).
    package func authenticate(_ text: String, for purpose: Purpose) -> [UInt8] {
        Self.authenticate(text, keys[0], purpose)
    }

    /// Returns the HMAC of a text under the current key, and then under each previous key.
    ///
    /// A presented value may come from any of these keys.
    package func everyAuthentication(of text: String, for purpose: Purpose) -> [[UInt8]] {
        keys.map { Self.authenticate(text, $0, purpose) }
    }

    private static func authenticate(_ text: String, _ key: SymmetricKey, _ purpose: Purpose) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: derived(from: key, for: purpose)))
    }

    /// The keys for values that Laravel signs with HS256: the current key, then the previous keys.
    ///
    /// They are the keys themselves, not derived keys.
    package var signingKeysOfLaravel: [SymmetricSigningKey] { keys.map { SymmetricSigningKey($0) } }

    private static func derived(from key: SymmetricKey, for purpose: Purpose) -> SymmetricKey {
        HKDF<SHA256>.expand(pseudoRandomKey: key, info: Data("consulate \(purpose.rawValue)".utf8), outputByteCount: 32)
    }
}
