import DevelopmentStack
import Foundation
import Synchronization

/// Everything that the benchmark has started and made, which is ended in the opposite order, whatever happens.
final class Started: Sendable {
    private let ends = Mutex<[@Sendable () -> Void]?>([])
    private let ending = Mutex(())

    /// Remembers how something is ended; at once, if everything has been.
    func add(_ end: @escaping @Sendable () -> Void) {
        let isOver = ends.withLock { ends in
            ends?.append(end)
            return ends == nil
        }
        if isOver { end() }
    }

    /// Remembers a program that runs.
    func add(_ process: ChildProcess) -> ChildProcess {
        add { process.end() }
        return process
    }

    /// Ends all of it; whoever comes second waits until that is done.
    func end() {
        ending.withLock { _ in
            let all = ends.withLock { ends in
                defer { ends = nil }
                return ends ?? []
            }
            for end in all.reversed() { end() }
        }
    }

    /// Lets Ctrl-C and SIGTERM end all of it, and then this program.
    ///
    /// They are caught and not blocked: whatever is started would inherit that, and could not be asked to end.
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

    /// Where a signal is noted.
    private static let signalled = Atomic<Int32>(-1)
}
