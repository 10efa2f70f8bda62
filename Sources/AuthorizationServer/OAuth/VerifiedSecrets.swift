import Cryptography
import Dispatch

/// Secrets that fit a slow hash when they were last shown, as digests under a key that ends with the process; all workers share them.
final class VerifiedSecrets: Sendable {
    static let limit = 1024

    private let key = SymmetricSigningKey(bytes: Random.bytes(32))
    private let turn = DispatchSemaphore(value: 1)
    nonisolated(unsafe) private var digests: Set<[UInt8]> = []

    /// Whether a secret is the one that is stored, from memory or else from the closure; another stored hash is another question.
    func verifies(_ secret: String, of stored: ClientSecret, verify: () throws -> Bool) rethrows -> Bool {
        let digest = key.sign(Array("\(stored.rawValue.utf8.count) \(stored.rawValue) \(secret)".utf8))
        if contains(digest) { return true }
        guard try verify() else { return false }
        insert(digest)
        return true
    }

    private func contains(_ digest: [UInt8]) -> Bool {
        turn.wait()
        defer { turn.signal() }
        return unsafe digests.contains(digest)
    }

    private func insert(_ digest: [UInt8]) {
        turn.wait()
        defer { turn.signal() }
        if unsafe digests.count == Self.limit { unsafe digests.removeAll(keepingCapacity: true) }
        unsafe digests.insert(digest)
    }
}
