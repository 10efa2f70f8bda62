package import Cryptography
import HTTP

/// The key that signs tokens, and every key that verifies tokens.
package struct KeySet: Sendable {
    package let signing: SigningKey
    package let verifying: [VerificationKey]
    /// The published form of the keys (RFC 7517 §5), as it is sent.
    package let document: [UInt8]

    /// Reads the PEM text of the private key, and the PEM texts of the public keys in one string.
    package init(privateKey: String, publicKeys: String) throws(KeyError) {
        signing = try SigningKey(pem: privateKey)
        var keys = [signing.publicKey]
        for pem in Self.blocks(of: publicKeys) {
            let key = try VerificationKey(pem: pem)
            if !keys.contains(where: { $0.id == key.id }) { keys.append(key) }
        }
        verifying = keys
        document = Self.json(keys).bytes
    }

    /// The id of the key that signs.
    package var signingKeyID: String { signing.publicKey.id }

    /// Returns the PEM texts within a text.
    package static func blocks(of text: String) -> [String] {
        text.matches(of: #/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/#).map { String($0.0) }
    }

    private static func json(_ keys: [VerificationKey]) -> JSON {
        let keys = keys.map { key in
            JSON.object(
                [("kid", key.id), ("use", "sig"), ("alg", key.algorithm.rawValue)].map {
                    JSON.Member(name: $0.0, value: .string($0.1))
                }
                    + key.parameters.map { JSON.Member(name: $0.name, value: .string($0.value)) })
        }
        return ["keys": .array(keys)]
    }

    /// Returns the keys that may have signed a token.
    ///
    /// This is the key that the token names. Passport's tokens name no key, so these are all keys
    /// of the token's algorithm.
    package func candidates(id: String?, algorithm: String) -> [VerificationKey] {
        verifying.filter { $0.algorithm.rawValue == algorithm && (id == nil || $0.id == id) }
    }
}
