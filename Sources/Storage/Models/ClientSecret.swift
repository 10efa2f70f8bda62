import Cryptography
import MariaDB

/// The stored form of a client's secret: our digest, or Passport's form.
package struct ClientSecret: Sendable, RawRepresentable, Bindable {
    package let rawValue: String

    /// Creates a secret from its stored form.
    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The form in which new secrets are stored.
    package enum Storage: String, Sendable, CaseIterable {
        case sha256
        /// A bcrypt hash, as in a Passport that hashes secrets.
        ///
        /// Passport 13 always hashes them.
        case bcrypt
        /// Plain text, as in a Passport that does not hash secrets.
        case plain
    }

    /// Generates a secret of 40 characters (238 bits), which is shown only once.
    ///
    /// The stored form is the SHA-256 of the secret, or a form that a Passport beside us can check.
    package static func generate(_ storage: Storage = .sha256, cost: Int = 10) -> (plain: String, stored: ClientSecret)
    {
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
    package static func ofNobody() -> ClientSecret {
        ClientSecret(rawValue: nobodyPrefix + Hexadecimal.encode(Random.bytes(32)))
    }

    package static let nobodyPrefix = "public:"

    package var isOfNobody: Bool { rawValue.hasPrefix(Self.nobodyPrefix) }
}
