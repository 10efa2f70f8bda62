package import MariaDB

/// The row of a refresh token.
///
/// The id of the row is the digest of the token. The row expires with its family.
package struct RefreshToken: Sendable {
    package typealias ID = Identifier<RefreshToken>

    package let id: ID
    package let family: RefreshFamily
    package let isRevoked: Bool
    /// The time when the successor was created.
    package let rotatedAt: Timestamp?
}
