import CFastCGI
import Dispatch
import Glibc
import Synchronization

/// The connections on which only a part of the next request has arrived.
///
/// They wait here without holding a worker. nginx sends all parameters at once. If a peer sends
/// only half of them, libfcgi would wait anew for each byte.
final class Arrivals: Sendable {
    /// In milliseconds.
    private static let patience: Int64 = 5000

    private let turn = DispatchSemaphore(value: 1)
    /// The number of waiting connections.
    ///
    /// It is mostly zero. Then no thread waits for `turn`.
    private let count = Atomic(0)
    nonisolated(unsafe) private var waiting: [Int32: Wait] = [:]

    private struct Wait {
        /// The time at which the connection has waited too long.
        let deadline: Int64
        /// Whether epoll watches the connection again and no worker has looked at it since.
        ///
        /// Arming the connection twice would give it to two workers.
        var isArmed: Bool
    }

    /// The action for a readable connection.
    enum Verdict {
        case answer
        case wait
        case end
    }

    /// Checks whether all parameters of a connection's next request have arrived.
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

    /// Lets the workers look at the waiting connections again.
    ///
    /// A peek leaves a connection readable, so epoll cannot report that more bytes have arrived.
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

    /// Returns whether a connection has waited too long.
    ///
    /// The first call starts the wait.
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

/// The records before a request's body (FastCGI 1.0 §3.3, §5.2), read without removing them from
/// the connection.
enum RequestHead {
    enum State {
        /// All parameters have arrived, or the connection has ended.
        case whole
        case partial
        case tooLong
        /// Bytes that nginx does not send.
        case foreign
    }

    private static let (usual, longest) = (4096, 131_072)
    private static let (begin, parameters): (UInt8, UInt8) = (1, 4)

    static func look(_ connection: Int32) -> State {
        let first = look(connection, usual)
        return first == .tooLong ? look(connection, longest) : first
    }

    /// Returns `tooLong` if `size` bytes have arrived and do not contain all parameters.
    private static func look(_ connection: Int32, _ size: Int) -> State {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { bytes in
            let count = unsafe recv(connection, bytes.baseAddress, size, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            // The connection was closed or is unusable.
            guard count > 0 else { return .whole }
            var start = 0
            while start + 8 <= count {
                let (type, length) = unsafe (bytes[start + 1], Int(bytes[start + 4]) << 8 | Int(bytes[start + 5]))
                // libfcgi skips records of other requests and waits for the next record byte by
                // byte.
                let isOurs = unsafe bytes[start + 2] == bytes[2] && bytes[start + 3] == bytes[3]
                guard type == (start == 0 ? begin : parameters), isOurs else { return .foreign }
                if type == parameters, length == 0 { return .whole }
                start += unsafe 8 + length + Int(bytes[start + 6])
            }
            return count == size ? .tooLong : .partial
        }
    }
}
