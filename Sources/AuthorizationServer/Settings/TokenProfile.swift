public import Cryptography

/// The kind of access tokens that are issued (contract: Tokens).
public enum TokenProfile: String, Sendable, CaseIterable {
    case rfc9068
    case passport

    /// Returns whether an algorithm may sign the tokens of this profile.
    ///
    /// Passport supports only RS256.
    public func allows(_ algorithm: SignatureAlgorithm) -> Bool { self != .passport || algorithm == .rs256 }
}
