import Crypto
import CryptoExtras
import FoundationEssentials

/// A cookie as Laravel encrypts it with `APP_KEY`.
///
/// It is base64 of `{"iv","value","mac","tag"}` with AES-256-CBC. The cookie's name is bound to the
/// value.
package enum LaravelCookie {
    /// Encrypts a value for only the cookie with this name.
    package static func encrypt(_ value: String, name: String, with key: ApplicationKey) -> String? {
        let key = key.keys[0]
        let iv = AES._CBC.IV()
        guard let encrypted = try? AES._CBC.encrypt(Data("\(prefix(name, key))\(value)".utf8), using: key, iv: iv)
        else { return nil }
        let (ivText, valueText) = (Data(iv).base64EncodedString(), encrypted.base64EncodedString())
        let envelope = Envelope(
            iv: ivText, value: valueText, mac: Hexadecimal.encode(mac(ivText, valueText, key)), tag: "")
        return (try? JSONEncoder().encode(envelope))?.base64EncodedString()
    }

    /// Returns the value of a cookie with this name.
    ///
    /// Returns `nil` if neither the current key nor a previous key created the cookie, or if the
    /// cookie was created for another name.
    package static func decrypt(_ text: String, name: String, with key: ApplicationKey) -> String? {
        guard text.utf8.count <= 8192, let data = Data(base64Encoded: text),
            let envelope = try? JSONDecoder().decode(Envelope.self, from: data),
            let tag = Hexadecimal.decode(envelope.mac), let ivBytes = Data(base64Encoded: envelope.iv),
            let iv = try? AES._CBC.IV(ivBytes: ivBytes),
            let encrypted = Data(base64Encoded: envelope.value)
        else { return nil }
        for key in key.keys
        where HMAC<SHA256>.isValidAuthenticationCode(
            tag, authenticating: authenticated(envelope.iv, envelope.value), using: key)
        {
            guard let plain = try? AES._CBC.decrypt(encrypted, using: key, iv: iv) else { return nil }
            // Compares bytes. In Swift, an accent after the bar at the end of the prefix turns the
            // bar into another character.
            let prefix = prefix(name, key)
            guard Digest.areEqual(String(decoding: plain.prefix(prefix.utf8.count), as: UTF8.self), prefix) else {
                return nil
            }
            return String(decoding: plain.dropFirst(prefix.utf8.count), as: UTF8.self)
        }
        return nil
    }

    private struct Envelope: Codable {
        let iv: String
        let value: String
        let mac: String
        let tag: String?
    }

    private static func authenticated(_ iv: String, _ value: String) -> Data {
        Data("\(iv)\(value)".utf8)
    }

    private static func mac(_ iv: String, _ value: String, _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: authenticated(iv, value), using: key)
    }

    /// Returns a prefix that makes the value of one cookie useless in another cookie.
    private static func prefix(_ name: String, _ key: SymmetricKey) -> String {
        Hexadecimal.encode(HMAC<Insecure.SHA1>.authenticationCode(for: Data("\(name)v2".utf8), using: key)) + "|"
    }
}
