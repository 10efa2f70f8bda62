import CFastCGI
import Dispatch
import Glibc
import Synchronization

/// Connections whose request has begun to arrive and is not whole yet: they wait here, and hold no
/// worker.
///
/// nginx sends all parameters at once. Whoever sends half of them would make libfcgi wait for each
/// byte anew.
final class Arrivals: Sendable {
    /// In milliseconds.
    private static let patience: Int64 = 5000

    private let turn = DispatchSemaphore(value: 1)
    /// How many wait; mostly none, which costs no turn.
    private let count = Atomic(0)
    nonisolated(unsafe) private var waiting: [Int32: Wait] = [:]

    private struct Wait {
        /// When it has waited long enough.
        let deadline: Int64
        /// It was given back to epoll, and no worker has looked at it since: doing so twice would
        /// give it to two workers.
        var isArmed: Bool
    }

    /// What to do with a connection that is readable.
    enum Verdict {
        case answer
        case wait
        case end
    }

    /// Looks whether all parameters of a connection's next request are there.
    func judge(_ connection: Int32) -> Verdict {
        switch RequestHead.look(connection) {
        case .whole:
            forget(connection)
            return .answer
        case .tooLong, .foreign:
            forget(connection)
            return .end
        case .partial:
            return isOverdue(connection) ? .end : .wait
        }
    }

    /// Has the connections that wait looked at again: a peek leaves them readable, so that epoll
    /// has no news of them.
    func lookAgain(_ rearm: (Int32) -> Void) {
        guard count.load(ordering: .acquiring) > 0 else { return }
        turn.wait()
        defer { turn.signal() }
        for (connection, wait) in unsafe waiting where !wait.isArmed {
            unsafe waiting[connection]?.isArmed = true
            rearm(connection)
        }
    }

    private func forget(_ connection: Int32) {
        guard count.load(ordering: .acquiring) > 0 else { return }
        turn.wait()
        defer { turn.signal() }
        unsafe waiting[connection] = nil
        unsafe count.store(waiting.count, ordering: .releasing)
    }

    /// Whether a connection has waited long enough; the first time it begins to wait.
    private func isOverdue(_ connection: Int32) -> Bool {
        turn.wait()
        defer { turn.signal() }
        let now = Self.now
        let deadline = unsafe waiting[connection]?.deadline ?? now + Self.patience
        guard deadline <= now else {
            unsafe waiting[connection] = Wait(deadline: deadline, isArmed: false)
            unsafe count.store(waiting.count, ordering: .releasing)
            return false
        }
        unsafe waiting[connection] = nil
        unsafe count.store(waiting.count, ordering: .releasing)
        return true
    }

    private static var now: Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }
}

/// The records before a request's body (FastCGI 1.0 §3.3, §5.2), looked at without taking them off
/// the connection.
enum RequestHead {
    enum State {
        /// All parameters are there; or the connection has ended.
        case whole
        case partial
        case tooLong
        /// Something else than nginx sends.
        case foreign
    }

    private static let (usual, longest) = (4096, 131_072)
    private static let (begin, parameters): (UInt8, UInt8) = (1, 4)

    static func look(_ connection: Int32) -> State {
        let first = look(connection, usual)
        return first == .tooLong ? look(connection, longest) : first
    }

    /// `tooLong`: as many bytes as were looked at are there, and not all parameters among them.
    private static func look(_ connection: Int32, _ size: Int) -> State {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { bytes in
            let count = unsafe recv(connection, bytes.baseAddress, size, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            // It was closed, or it is of no use.
            guard count > 0 else { return .whole }
            var start = 0
            while start + 8 <= count {
                let (type, length) = unsafe (bytes[start + 1], Int(bytes[start + 4]) << 8 | Int(bytes[start + 5]))
                // libfcgi skips records of other requests and waits for the next, byte by byte.
                let isOurs = unsafe bytes[start + 2] == bytes[2] && bytes[start + 3] == bytes[3]
                guard type == (start == 0 ? begin : parameters), isOurs else { return .foreign }
                if type == parameters, length == 0 { return .whole }
                start += unsafe 8 + length + Int(bytes[start + 6])
            }
            return count == size ? .tooLong : .partial
        }
    }
}
