import Cryptography
public import MariaDB

/// A client's secret as it is stored: our digest, or what Passport stored.
public struct ClientSecret: Sendable, RawRepresentable, Bindable {
    public let rawValue: String

    /// Takes what is stored.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A new secret of 40 characters, 238 bits, to be shown once; its SHA-256 is what is kept.
    public static func generate() -> (plain: String, stored: ClientSecret) {
        let plain = Random.alphanumeric(40)
        return (plain, ClientSecret(rawValue: "sha256:" + Digest.hexadecimal(plain)))
    }

    /// Whether the secret fits: our digest, Passport's bcrypt, or Passport's plain text.
    func verifies(_ secret: String, hashing: PasswordHashing) throws(PasswordHashing.Busy) -> Bool {
        if rawValue.hasPrefix("sha256:") { return Digest.areEqual("sha256:" + Digest.hexadecimal(secret), rawValue) }
        let hash = PasswordHash(rawValue)
        if hash.isRecognized { return try hashing.verify(secret, against: hash) }
        return Digest.areEqual(Digest.hexadecimal(secret), Digest.hexadecimal(rawValue))
    }
}
