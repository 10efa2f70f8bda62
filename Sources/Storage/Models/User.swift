package import Cryptography
import Internationalization
package import MariaDB

/// A person with an account.
package struct User: Sendable {
    package typealias ID = Identifier<User>

    package let id: ID
    /// The name that people see.
    ///
    /// For a user of Laravel without a name, this is the email, or otherwise the id.
    package let name: String
    /// The email, or an empty text if the user has no email.
    ///
    /// A user without an email cannot sign in by password.
    package let email: String
    /// The hash of the password, or an empty hash if the user has no password.
    ///
    /// A user has no password, for example, after a social sign-in at Laravel. This user cannot
    /// sign in by password.
    package var password: PasswordHash
    package let createdAt: Timestamp?
    package let updatedAt: Timestamp?

    /// Creates the row from its values.
    package init(
        id: ID, name: String, email: String, password: PasswordHash, createdAt: Timestamp?, updatedAt: Timestamp?
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.password = password
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The minimum length in characters.
    package static let shortestPassword = 8
    /// The maximum length in bytes, because bcrypt reads no more.
    package static let longestPassword = 72

    /// Returns the form of a password that is hashed: Unicode's NFC.
    ///
    /// Two keyboards then write the same password.
    package static func normalForm(ofPassword password: String) -> String { Normalization.composed(password) }
}
