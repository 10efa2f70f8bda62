public import Cryptography
public import MariaDB

/// Somebody with an account.
public struct User: Sendable {
    public typealias ID = Identifier<User>

    public let id: ID
    public let name: String
    public let email: String
    public var password: PasswordHash
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    /// In characters.
    public static let shortestPassword = 8
    /// In bytes: bcrypt reads no more.
    public static let longestPassword = 72

    /// Whether it is a password that somebody may have, which ends at no NUL.
    public static func canHave(password: String) -> Bool {
        password.unicodeScalars.count >= shortestPassword && password.utf8.count <= longestPassword && !password.utf8.contains(0)
    }

    /// Whether it is an email address: something on both sides of one `@`; whether it exists only a message could tell.
    public static func canHave(email: String) -> Bool {
        email.wholeMatch(of: #/[^\s@<>",;:\\()\[\]]+@[^\s@<>",;:\\()\[\]]+/#) != nil
    }
}
