import Crypto
import FoundationEssentials

/// `APP_KEY` with `APP_PREVIOUS_KEYS`, and the keys derived from them, one for each purpose so that nothing made for one is of use for another.
///
/// What Laravel's own formats take is the key as it is.
public struct ApplicationKey: Sendable {
    /// The one that makes things, and then those before it, whose things are still accepted.
    let keys: [SymmetricKey]

    /// What a derived key is for.
    public enum Purpose: String, Sendable {
        case authorizationCode = "authorization code"
        case refreshToken = "refresh token"
        case crossSiteRequest = "CSRF token"
        case cacheKey = "cache key"
        case knownBrowser = "known browser"
    }

    /// Reads `base64:` and 32 bytes, or 32 bytes as they are, as Laravel does, and the keys before in the same form; `nil` for anything else.
    public init?(_ text: String, previous: [String] = []) {
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

    /// A new key, as text.
    public static func generate() -> String {
        "base64:" + Data(Random.bytes(32)).base64EncodedString()
    }

    /// HMAC-SHA256 of a text under the purpose's key (RFC 2104, RFC 5869).
    public func authenticate(_ text: String, for purpose: Purpose) -> [UInt8] {
        Self.authenticate(text, keys[0], purpose)
    }

    /// The same, and then what it was under each key before: what somebody shows may be any of them.
    public func everyAuthentication(of text: String, for purpose: Purpose) -> [[UInt8]] {
        keys.map { Self.authenticate(text, $0, purpose) }
    }

    private static func authenticate(_ text: String, _ key: SymmetricKey, _ purpose: Purpose) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: derived(from: key, for: purpose)))
    }

    /// The key as it is, for what Laravel signs with HS256, and then those before it.
    public var signingKeysOfLaravel: [SymmetricSigningKey] { keys.map { SymmetricSigningKey($0) } }

    private static func derived(from key: SymmetricKey, for purpose: Purpose) -> SymmetricKey {
        HKDF<SHA256>.expand(pseudoRandomKey: key, info: Data("consulate \(purpose.rawValue)".utf8), outputByteCount: 32)
    }
}
