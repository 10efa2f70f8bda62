import Cryptography
import Dispatch
import Storage

/// The secrets that matched a slow hash when they were last presented.
///
/// They are stored as digests under a key that exists only as long as the process. All workers
/// share them.
final class VerifiedSecrets: Sendable {
    static let limit = 1024

    private let key = SymmetricSigningKey(bytes: Random.bytes(32))
    private let turn = DispatchSemaphore(value: 1)
    nonisolated(unsafe) private var digests: Set<[UInt8]> = []

    /// Returns whether a secret matches the stored hash, from memory or otherwise from the closure.
    ///
    /// A success with one stored hash does not count for another stored hash.
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
