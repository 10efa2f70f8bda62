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
    func endOnSignals() {
        var ending = sigset_t()
        unsafe sigemptyset(&ending)
        unsafe sigaddset(&ending, SIGINT)
        unsafe sigaddset(&ending, SIGTERM)
        unsafe pthread_sigmask(SIG_BLOCK, &ending, nil)
        Thread { [self, signals = ending] in
            var (signals, received) = (signals, Int32(0))
            unsafe sigwait(&signals, &received)
            end()
            exit(1)
        }.start()
    }
}
