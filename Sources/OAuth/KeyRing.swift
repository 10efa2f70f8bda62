package import Cryptography
import HTTP

/// The keys of all purposes.
package struct KeyRing: Sendable {
    private let sets: [KeySet]
    private let documents: [KeyPurpose.Document: [UInt8]]
    /// The keys that verify access tokens of this server and of a Passport.
    ///
    /// A key may verify both types of tokens, because earlier versions signed both with one key.
    package let ofAccessTokens: [VerificationKey]

    /// Creates a ring from one set for each purpose.
    package init(_ sets: [KeySet]) {
        self.sets = sets
        documents = [.ofServer: Self.document(.ofServer, sets), .ofPassport: Self.document(.ofPassport, sets)]
        ofAccessTokens = sets.filter { [.accessToken, .passport].contains($0.purpose) }.flatMap(\.verifying)
    }

    /// Returns the key that signs for a purpose, if the ring has one.
    package func signing(_ purpose: KeyPurpose) -> SigningKey? {
        sets.first { $0.purpose == purpose }?.signing
    }

    /// Returns the published keys (RFC 7517 §5), as they are sent.
    package func published(in document: KeyPurpose.Document) -> [UInt8] { documents[document] ?? [] }

    private static func document(_ document: KeyPurpose.Document, _ sets: [KeySet]) -> [UInt8] {
        let keys = sets.filter { $0.purpose.document == document }.flatMap(\.verifying).map { key in
            JSON.object(
                [("kid", key.id), ("use", "sig"), ("alg", key.algorithm.rawValue)].map {
                    JSON.Member(name: $0.0, value: .string($0.1))
                }
                    + key.parameters.map { JSON.Member(name: $0.name, value: .string($0.value)) })
        }
        return JSON.object([.init(name: "keys", value: .array(keys))]).bytes
    }
}
