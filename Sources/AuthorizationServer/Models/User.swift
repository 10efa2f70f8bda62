public import Cryptography
import Internationalization
public import MariaDB

/// Somebody with an account.
public struct User: Sendable {
    public typealias ID = Identifier<User>

    public let id: ID
    /// What people see: a user of Laravel's without a name has the email here, or else the id.
    public let name: String
    /// Empty: the user has none, and cannot sign in by password.
    public let email: String
    /// Empty: the user has none, as after a social sign-in at Laravel, and cannot sign in by one.
    public var password: PasswordHash
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    /// In characters.
    public static let shortestPassword = 8
    /// In bytes: bcrypt reads no more.
    public static let longestPassword = 72

    /// The form of a password that is hashed: Unicode's NFC, so that two keyboards write the same
    /// one.
    public static func normalForm(ofPassword password: String) -> String { Normalization.composed(password) }

    /// What is wrong with a new password; `words` are those that others know of the user.
    ///
    /// The form, the API and the console have this one rule.
    static func failures(ofNewPassword password: String, knowing words: [String]) -> [Failure] {
        guard password.utf8.count <= longestPassword else { return [.tooManyBytes(longestPassword)] }
        var failures: [Failure] = []
        if password.unicodeScalars.count < shortestPassword { failures.append(.tooShort(shortestPassword)) }
        if password.utf8.contains(0) { failures.append(.nul) }
        if CommonPasswords.contain(password, knowing: words) { failures.append(.common) }
        return failures
    }

    /// One sentence about a password that nobody may set; `nil` if it is good.
    public static func problem(ofNewPassword password: String, knowing words: [String]) -> String? {
        failures(ofNewPassword: password, knowing: words).first?.message("password")
    }
}
