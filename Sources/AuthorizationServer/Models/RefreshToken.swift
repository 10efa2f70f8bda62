import MariaDB

/// The row of a refresh token; its id is the token's digest, and it expires with its family.
struct RefreshToken: Sendable {
    typealias ID = Identifier<RefreshToken>

    let id: ID
    let family: RefreshFamily
    let isRevoked: Bool
    /// When its successor was made.
    let rotatedAt: Timestamp?
}
