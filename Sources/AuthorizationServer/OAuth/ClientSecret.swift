import Cryptography
public import MariaDB

/// A client's secret as it is stored: our digest, or as Passport does it.
public struct ClientSecret: Sendable, RawRepresentable, Bindable {
    public let rawValue: String

    /// Takes what is stored.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// How new secrets are stored.
    public enum Storage: String, Sendable, CaseIterable {
        case sha256
        /// As Passport does where it hashes secrets, and as 13 always does.
        case bcrypt
        /// As Passport does where it does not.
        case plain
    }

    /// A new secret, stored as the settings say.
    public static func generate(_ settings: Settings) -> (plain: String, stored: ClientSecret) {
        generate(settings.clientSecrets, cost: settings.bcryptRounds)
    }

    /// A new secret of 40 characters, 238 bits, to be shown once; what is kept is its SHA-256, or what a Passport beside us can check.
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

    /// What a public client is given where the column must hold something, as before Passport 8: nobody can show it.
    static func ofNobody() -> ClientSecret {
        ClientSecret(rawValue: nobodyPrefix + Hexadecimal.encode(Random.bytes(32)))
    }

    static let nobodyPrefix = "public:"

    var isOfNobody: Bool { rawValue.hasPrefix(Self.nobodyPrefix) }

    /// Whether the secret fits: our digest, Passport's bcrypt, or Passport's plain text.
    ///
    /// A success with a slow hash is remembered: a machine does not pay for it with each request. Where it is not, `admit` may throw.
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
        // A hash that cannot be verified must not be taken for the secret itself.
        guard !rawValue.hasPrefix("$") else { return false }
        return Digest.areEqual(Digest.hexadecimal(secret), Digest.hexadecimal(rawValue))
    }
}
