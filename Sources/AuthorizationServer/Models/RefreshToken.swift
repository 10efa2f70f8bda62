import MariaDB

/// The row of a refresh token.
///
/// The id of the row is the digest of the token. The row expires with its family.
struct RefreshToken: Sendable {
    typealias ID = Identifier<RefreshToken>

    let id: ID
    let family: RefreshFamily
    let isRevoked: Bool
    /// The time when the successor was created.
    let rotatedAt: Timestamp?
}
