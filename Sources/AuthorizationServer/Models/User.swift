public import Cryptography
import Internationalization
public import MariaDB

/// A person with an account.
public struct User: Sendable {
    public typealias ID = Identifier<User>

    public let id: ID
    /// The name that people see.
    ///
    /// For a user of Laravel without a name, this is the email, or otherwise the id.
    public let name: String
    /// The email, or an empty text if the user has no email.
    ///
    /// A user without an email cannot sign in by password.
    public let email: String
    /// The hash of the password, or an empty hash if the user has no password.
    ///
    /// A user has no password, for example, after a social sign-in at Laravel. This user cannot
    /// sign in by password.
    public var password: PasswordHash
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    /// The minimum length in characters.
    public static let shortestPassword = 8
    /// The maximum length in bytes, because bcrypt reads no more.
    public static let longestPassword = 72

    /// Returns the form of a password that is hashed: Unicode's NFC.
    ///
    /// Two keyboards then write the same password.
    public static func normalForm(ofPassword password: String) -> String { Normalization.composed(password) }

    /// Returns the failures of a new password.
    ///
    /// `words` are the words that other people know about the user. The form, the API and the
    /// console all use this rule.
    static func failures(ofNewPassword password: String, knowing words: [String]) -> [Failure] {
        guard password.utf8.count <= longestPassword else { return [.tooManyBytes(longestPassword)] }
        var failures: [Failure] = []
        if password.unicodeScalars.count < shortestPassword { failures.append(.tooShort(shortestPassword)) }
        if password.utf8.contains(0) { failures.append(.nul) }
        if CommonPasswords.contain(password, knowing: words) { failures.append(.common) }
        return failures
    }

    /// Returns one sentence about a password that nobody may set, or `nil` if the password is good.
    public static func problem(ofNewPassword password: String, knowing words: [String]) -> String? {
        failures(ofNewPassword: password, knowing: words).first?.message("password")
    }
}
