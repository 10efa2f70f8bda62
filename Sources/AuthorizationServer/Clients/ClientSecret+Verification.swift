import Cryptography
package import Storage

extension ClientSecret {
    /// Generates a secret, and its stored form according to the settings.
    package static func generate(_ settings: Settings) -> (plain: String, stored: ClientSecret) {
        generate(settings.clientSecrets, cost: settings.bcryptRounds)
    }

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
