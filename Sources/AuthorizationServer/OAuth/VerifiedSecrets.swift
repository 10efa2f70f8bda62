import Cryptography

/// Secrets that fit a slow hash when they were last shown, as digests under a key that ends with the process.
struct VerifiedSecrets {
    static let limit = 1024

    private let key = SymmetricSigningKey(bytes: Random.bytes(32))
    private var digests: Set<[UInt8]> = []

    /// Whether a secret is the one that is stored, from memory or else from the closure; another stored hash is another question.
    mutating func verifies(_ secret: String, of stored: ClientSecret, verify: () throws -> Bool) rethrows -> Bool {
        let digest = key.sign(Array("\(stored.rawValue.utf8.count) \(stored.rawValue) \(secret)".utf8))
        if digests.contains(digest) { return true }
        guard try verify() else { return false }
        if digests.count == Self.limit { digests.removeAll(keepingCapacity: true) }
        digests.insert(digest)
        return true
    }
}
