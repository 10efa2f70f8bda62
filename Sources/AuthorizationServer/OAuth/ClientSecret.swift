import Cryptography
public import MariaDB

/// The stored form of a client's secret: our digest, or Passport's form.
public struct ClientSecret: Sendable, RawRepresentable, Bindable {
    public let rawValue: String

    /// Creates a secret from its stored form.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The form in which new secrets are stored.
    public enum Storage: String, Sendable, CaseIterable {
        case sha256
        /// A bcrypt hash, as in a Passport that hashes secrets.
        ///
        /// Passport 13 always hashes them.
        case bcrypt
        /// Plain text, as in a Passport that does not hash secrets.
        case plain
    }

    /// Generates a secret, and its stored form according to the settings.
    public static func generate(_ settings: Settings) -> (plain: String, stored: ClientSecret) {
        generate(settings.clientSecrets, cost: settings.bcryptRounds)
    }

    /// Generates a secret of 40 characters (238 bits), which is shown only once.
    ///
    /// The stored form is the SHA-256 of the secret, or a form that a Passport beside us can check.
    public static func generate(_ storage: Storage = .sha256, cost: Int = 10) -> (plain: String, stored: ClientSecret) {
        let plain = Random.alphanumeric(40)
        let stored =
            switch storage {
            case .sha256: "sha256:" + Digest.hexadecimal(plain)
            case .bcrypt: PasswordHash.bcrypt(plain, cost: cost).text
            case .plain: plain
            }
        return (plain, ClientSecret(rawValue: stored))
    }

    /// Returns a placeholder for the secret of a public client.
    ///
    /// The column requires a value in tables from before Passport 8. Nobody can present the
    /// placeholder as a secret.
    static func ofNobody() -> ClientSecret {
        ClientSecret(rawValue: nobodyPrefix + Hexadecimal.encode(Random.bytes(32)))
    }

    static let nobodyPrefix = "public:"

    var isOfNobody: Bool { rawValue.hasPrefix(Self.nobodyPrefix) }

    /// Returns whether a secret matches our digest, Passport's bcrypt hash or Passport's plain
    /// text.
    ///
    /// Remembers a success with a slow hash, so that a machine does not pay for the hash with each
    /// request. If the success is not remembered, `admit` may throw.
    func verifies(
        _ secret: String, hashing: PasswordHashing, remembering known: VerifiedSecrets, admit: () throws -> Void
    ) throws -> Bool {
        if rawValue.hasPrefix("sha256:") { return Digest.areEqual("sha256:" + Digest.hexadecimal(secret), rawValue) }
        let hash = PasswordHash(rawValue)
        if hash.isRecognized {
            return try known.verifies(secret, of: self) {
                try admit()
                return try hashing.verify(secret, against: hash)
            }
        }
        // A hash that cannot be verified must not be compared as a plain-text secret.
        guard !rawValue.hasPrefix("$") else { return false }
        return Digest.areEqual(Digest.hexadecimal(secret), Digest.hexadecimal(rawValue))
    }
}
