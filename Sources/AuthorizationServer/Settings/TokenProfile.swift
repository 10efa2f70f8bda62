package import OAuth

/// The kind of access tokens that are issued (contract: Tokens).
package enum TokenProfile: String, Sendable, CaseIterable {
    case rfc9068
    case passport

    /// The purpose of the key that signs the tokens of this profile.
    package var key: KeyPurpose { self == .passport ? .passport : .accessToken }
}
