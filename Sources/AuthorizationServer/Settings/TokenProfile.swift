public import Cryptography

/// What kind of access tokens are issued (contract: Tokens).
public enum TokenProfile: String, Sendable, CaseIterable {
    case rfc9068
    case passport

    /// Whether its tokens may be signed so; Passport knows RS256 alone.
    public func allows(_ algorithm: SignatureAlgorithm) -> Bool { self != .passport || algorithm == .rs256 }
}
