import Dispatch
import Synchronization

/// A limit on the threads that hash passwords, so that sign-ins cannot starve all other requests.
package final class PasswordHashing: Sendable {
    private let cores: DispatchSemaphore
    private let admitted = Atomic(0)
    private let limit: Int
    private let cost: Int
    private let decoy: PasswordHash

    /// Limits hashing and waiting together to `limit` threads, and hashing to one thread per core.
    package init(cores: Int, limit: Int, cost: Int) {
        self.cores = DispatchSemaphore(value: max(cores, 1))
        self.limit = max(limit, 1)
        self.cost = cost
        decoy = .bcrypt(Random.alphanumeric(20), cost: cost)
    }

    /// The error that too many other threads are hashing.
    ///
    /// A retry after a second may succeed.
    package struct Busy: Error {
        /// Creates the error, which has no details.
        package init() {}
    }

    /// Hashes a password.
    package func hash(_ password: String) throws(Busy) -> PasswordHash {
        try bounded { .bcrypt(password, cost: cost) }
    }

    /// Returns whether the hash is the password's hash.
    ///
    /// If no hash exists that can be verified, it takes as long and returns `false`.
    package func verify(_ password: String, against hash: PasswordHash?) throws(Busy) -> Bool {
        let known = hash.flatMap { $0.isRecognized ? $0 : nil }
        return try bounded {
            let matches = (known ?? decoy).verifies(password)
            return matches && known != nil
        }
    }

    /// Returns whether the password should be hashed again, now that the password is available.
    package func needsRehash(_ hash: PasswordHash) -> Bool {
        hash.needsRehash(cost: cost)
    }

    /// Runs a closure that takes as long as hashing a password.
    ///
    /// It waits until a core is free.
    package func bounded<Result>(_ body: () -> Result) throws(Busy) -> Result {
        defer { admitted.subtract(1, ordering: .relaxed) }
        guard admitted.add(1, ordering: .relaxed).newValue <= limit else { throw Busy() }
        cores.wait()
        defer { cores.signal() }
        return body()
    }
}
