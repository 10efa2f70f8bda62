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
}
