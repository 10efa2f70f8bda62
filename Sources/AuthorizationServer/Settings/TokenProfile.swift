package import Cryptography

/// The kind of access tokens that are issued (contract: Tokens).
package enum TokenProfile: String, Sendable, CaseIterable {
    case rfc9068
    case passport

    /// Returns whether an algorithm may sign the tokens of this profile.
    ///
    /// Passport supports only RS256.
    package func allows(_ algorithm: SignatureAlgorithm) -> Bool { self != .passport || algorithm == .rs256 }
}
