import Cryptography

/// What the last few tokens say whose signatures were found right, by their digests.
///
/// A signature stays right, so it need not be computed again; whether the token still lives is asked of its row each time.
struct VerifiedTokens {
    static let limit = 1024

    private var claims: [[UInt8]: AccessTokenClaims] = [:]
    /// In the order they came; the oldest makes room.
    private var digests: [[UInt8]] = []
    private var oldest = 0

    /// What a token says, from memory or else from the closure, which is `nil` where the signature is wrong.
    mutating func claims(of compact: String, verify: () -> AccessTokenClaims?) -> AccessTokenClaims? {
        let digest = Digest.sha256(compact)
        if let known = claims[digest] { return known }
        guard let verified = verify() else { return nil }
        if digests.count < Self.limit {
            digests.append(digest)
        } else {
            claims[digests[oldest]] = nil
            digests[oldest] = digest
            oldest = (oldest + 1) % Self.limit
        }
        claims[digest] = verified
        return verified
    }
}
