import Crypto
import CryptoExtras
import FoundationEssentials

/// The form of Passport's codes and refresh tokens: a text encrypted with `APP_KEY`, in
/// hexadecimal.
///
/// php-encryption 2 of Defuse writes this form when it encrypts with a password. It consists of a
/// header of 4 bytes, a salt of 32 bytes, a counter of 16 bytes, the text in AES-256-CTR, and an
/// HMAC-SHA256 of 32 bytes. The keys are derived with 100,000 rounds of PBKDF2. So reading and
/// writing are as slow as a password hash, and must be limited like a password hash.
package struct DefuseCiphertext: Sendable {
    private static let (saltSize, counterSize, tagSize, rounds) = (32, 16, 32, 100_000)
    /// `def50200`, the header of every ciphertext.
    private static let header: [UInt8] = [0xde, 0xf5, 0x02, 0x00]

    private let salt: [UInt8]
    private let counter: [UInt8]
    private let body: [UInt8]
    private let tag: [UInt8]
    /// All bytes except the tag.
    private let authenticated: [UInt8]

    /// Splits a ciphertext into its parts.
    ///
    /// Returns `nil` for a text that cannot be a ciphertext. This check is cheap.
    package init?(_ text: String) {
        guard text.utf8.count <= 8192, let bytes = Hexadecimal.decode(text), bytes.starts(with: Self.header) else {
            return nil
        }
        let fixed = Self.header.count + Self.saltSize + Self.counterSize
        guard bytes.count >= fixed + Self.tagSize else { return nil }
        salt = Array(bytes[Self.header.count..<Self.header.count + Self.saltSize])
        counter = Array(bytes[fixed - Self.counterSize..<fixed])
        body = Array(bytes[fixed..<bytes.count - Self.tagSize])
        tag = Array(bytes.suffix(Self.tagSize))
        authenticated = bytes.dropLast(Self.tagSize)
    }

    /// Returns the text, or `nil` if neither the current key nor a previous key created the
    /// ciphertext.
    package func decrypted(with key: ApplicationKey) -> [UInt8]? {
        for key in key.keys {
            guard let keys = Self.derive(from: key, salt),
                HMAC<SHA256>.isValidAuthenticationCode(tag, authenticating: authenticated, using: keys.authentication)
            else { continue }
            return Self.apply(keys.encryption, counter, to: body)
        }
        return nil
    }

    /// Encrypts a text.
    ///
    /// The salt and the counter are derived from `seed`, a secret that is never used for another
    /// text.
    package static func encrypt(_ text: [UInt8], with key: ApplicationKey, seed: String) -> String? {
        let random = unsafe HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(seed.utf8)), info: Data("consulate defuse".utf8),
            outputByteCount: saltSize + counterSize
        ).withUnsafeBytes { unsafe Array($0) }
        let (salt, counter) = (Array(random.prefix(saltSize)), Array(random.suffix(counterSize)))
        guard let keys = derive(from: key.keys[0], salt), let body = apply(keys.encryption, counter, to: text) else {
            return nil
        }
        let authenticated = header + salt + counter + body
        return Hexadecimal.encode(
            authenticated + HMAC<SHA256>.authenticationCode(for: authenticated, using: keys.authentication))
    }

    private static func derive(from secret: SymmetricKey, _ salt: [UInt8]) -> (
        authentication: SymmetricKey, encryption: SymmetricKey
    )? {
        let password = unsafe secret.withUnsafeBytes { unsafe Array(SHA256.hash(data: $0)) }
        guard
            let shared = try? KDF.Insecure.PBKDF2.deriveKey(
                from: password, salt: salt, using: .sha256, outputByteCount: 32, unsafeUncheckedRounds: rounds)
        else { return nil }
        func key(for purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: shared, salt: salt, info: Data("DefusePHP|V2|KeyFor\(purpose)".utf8),
                outputByteCount: 32)
        }
        return (key(for: "Authentication"), key(for: "Encryption"))
    }

    private static func apply(_ key: SymmetricKey, _ counter: [UInt8], to bytes: [UInt8]) -> [UInt8]? {
        guard let nonce = try? AES._CTR.Nonce(nonceBytes: counter) else { return nil }
        return (try? AES._CTR.encrypt(bytes, using: key, nonce: nonce)).map { Array($0) }
    }
}
