package import Cryptography
import HTTP

/// The keys of one purpose: the key that signs, and every key that verifies.
package struct KeySet: Sendable {
    package let purpose: KeyPurpose
    /// The key that signs, or `nil` if the server only verifies older tokens.
    package let signing: SigningKey?
    package let verifying: [VerificationKey]

    /// Reads the PEM text of the private key, and the PEM texts of the public keys in one string.
    ///
    /// Public keys of another algorithm belong to another purpose, and are left out.
    package init(_ purpose: KeyPurpose, privateKey: String?, publicKeys: String) throws(KeyError) {
        self.purpose = purpose
        var keys: [VerificationKey] = []
        if let privateKey {
            let key = try SigningKey(pem: privateKey)
            guard key.publicKey.algorithm == purpose.algorithm else {
                throw KeyError(reason: "it is not a key for \(purpose.algorithm.rawValue)")
            }
            signing = key
            keys = [key.publicKey]
        } else {
            signing = nil
        }
        for pem in Self.blocks(of: publicKeys) {
            let key = try VerificationKey(pem: pem)
            if key.algorithm == purpose.algorithm, !keys.contains(where: { $0.id == key.id }) { keys.append(key) }
        }
        verifying = keys
    }

    /// Returns the PEM texts within a text.
    package static func blocks(of text: String) -> [String] {
        text.matches(of: #/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/#).map { String($0.0) }
    }
}
