import Cryptography
import OAuth

/// The claims of the last tokens with a valid signature, by the digests of the tokens.
///
/// A valid signature stays valid, so it need not be verified again. Whether the token is still
/// valid is read from its row each time.
struct VerifiedTokens {
    static let limit = 1024

    private var claims: [[UInt8]: AccessTokenClaims] = [:]
    /// The digests in the order of arrival.
    ///
    /// A new digest replaces the oldest.
    private var digests: [[UInt8]] = []
    private var oldest = 0

    /// Returns the claims of a token, from memory or otherwise from the closure.
    ///
    /// The closure returns `nil` if the signature is wrong.
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
