import Dispatch
import Synchronization

/// Lets a bounded number of threads hash passwords, so that sign-ins cannot starve everything else.
public final class PasswordHashing: Sendable {
    private let cores: DispatchSemaphore
    private let admitted = Atomic(0)
    private let limit: Int
    private let cost: Int
    private let decoy: PasswordHash

    /// Hashing and waiting together take at most `limit` threads, hashing at most one a core.
    public init(cores: Int, limit: Int, cost: Int) {
        self.cores = DispatchSemaphore(value: max(cores, 1))
        self.limit = max(limit, 1)
        self.cost = cost
        decoy = .bcrypt(Random.alphanumeric(20), cost: cost)
    }

    /// Too many others are hashing; trying again in a second may help.
    public struct Busy: Error {
        /// There is nothing to say about it.
        public init() {}
    }

    /// Hashes a password.
    public func hash(_ password: String) throws(Busy) -> PasswordHash {
        try bounded { .bcrypt(password, cost: cost) }
    }

    /// Whether the hash is the password's; without one that can be verified it takes as long, and is not.
    public func verify(_ password: String, against hash: PasswordHash?) throws(Busy) -> Bool {
        let known = hash.flatMap { $0.isRecognized ? $0 : nil }
        return try bounded {
            let matches = (known ?? decoy).verifies(password)
            return matches && known != nil
        }
    }

    /// Whether the hash should be made anew, now that the password is at hand.
    public func needsRehash(_ hash: PasswordHash) -> Bool {
        hash.needsRehash(cost: cost)
    }

    /// Runs something that takes as long as hashing a password, when it is its turn.
    public func bounded<Result>(_ body: () -> Result) throws(Busy) -> Result {
        defer { admitted.subtract(1, ordering: .relaxed) }
        guard admitted.add(1, ordering: .relaxed).newValue <= limit else { throw Busy() }
        cores.wait()
        defer { cores.signal() }
        return body()
    }
}
