import DevelopmentStack
import Foundation
import Synchronization

/// Everything that the benchmark has started and created.
///
/// Everything is ended in the opposite order, even after an error or a signal.
final class Started: Sendable {
    private let ends = Mutex<[@Sendable () -> Void]?>([])
    private let ending = Mutex(())

    /// Stores a function that ends something.
    ///
    /// Calls the function at once if everything has already ended.
    func add(_ end: @escaping @Sendable () -> Void) {
        let isOver = ends.withLock { ends in
            ends?.append(end)
            return ends == nil
        }
        if isOver { end() }
    }

    /// Stores a running program, so that it is ended later.
    func add(_ process: ChildProcess) -> ChildProcess {
        add { process.end() }
        return process
    }

    /// Ends everything.
    ///
    /// A second caller waits until the first call is done.
    func end() {
        ending.withLock { _ in
            let all = ends.withLock { ends in
                defer { ends = nil }
                return ends ?? []
            }
            for end in all.reversed() { end() }
        }
    }

    /// Makes Ctrl-C and SIGTERM end everything, and then this program.
    ///
    /// The signals are caught and not blocked, because a started program would inherit the block
    /// and could not be asked to end.
    func endOnSignals() {
        let pipe = Pipe()
        Self.signalled.store(pipe.fileHandleForWriting.fileDescriptor, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in unsafe write(Started.signalled.load(ordering: .relaxed), "!", 1) }
        }
        Thread { [self] in
            _ = try? pipe.fileHandleForReading.read(upToCount: 1)
            end()
            exit(1)
        }.start()
    }

    /// The file descriptor that a signal handler writes to.
    private static let signalled = Atomic<Int32>(-1)
}
