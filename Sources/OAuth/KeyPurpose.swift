package import Cryptography

/// The purpose of a key that signs, with the only algorithm of this purpose.
///
/// No key has two purposes: a token of one kind is then never taken for a token of another kind
/// (RFC 8725 §3.12).
package struct KeyPurpose: Sendable, Equatable {
    /// The document that publishes the public keys.
    package enum Document: Sendable {
        /// `/.well-known/jwks.json`
        case ofServer
        /// `/.well-known/passport-jwks.json`
        case ofPassport
    }

    /// The value of `consulate keys --for`.
    package let name: String
    package let algorithm: SignatureAlgorithm
    /// The beginning of the names of the files, for example `oauth` in `oauth-private.key`.
    package let files: String
    /// The beginning of the names of the settings that replace the files.
    package let settings: String
    package let document: Document

    /// Access tokens of the profile `rfc9068`.
    package static let accessToken = KeyPurpose(
        name: "access-token", algorithm: .es256, files: "access-token", settings: "ACCESS_TOKEN", document: .ofServer)
    /// Access tokens of the profile `passport`, with Passport's own key.
    package static let passport = KeyPurpose(
        name: "passport", algorithm: .rs256, files: "oauth", settings: "PASSPORT", document: .ofPassport)

    /// All purposes.
    package static let all = [accessToken, passport]
}
