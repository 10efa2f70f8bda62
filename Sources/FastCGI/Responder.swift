import CFastCGI
import Glibc
public import HTTP
import Synchronization

/// Answers what nginx sends, with worker threads around one epoll set, until it is told to end.
///
/// A connection that nginx keeps belongs to no thread: whoever is free takes its next request.
public final class Responder: Sendable {
    private let listener: Listener
    private let bodyLimit: Int
    private let graceTime: Int
    private let poll = Poll()
    private let arrivals = Arrivals()
    private let isDraining = Atomic(false)
    private let connections = Atomic(0)

    /// Starts listening at an address, as `Listener` reads it; `bodyLimit` is in bytes, `graceTime` in seconds.
    ///
    /// From here on SIGTERM and SIGINT wait for `run`: as soon as there is a socket, nginx may have sent something to it.
    public init(listeningAt address: String, bodyLimit: Int, graceTime: Int) throws(ListenerError) {
        var ending = Self.ending
        unsafe pthread_sigmask(SIG_BLOCK, &ending, nil)
        listener = try Listener(address)
        self.bodyLimit = bodyLimit
        self.graceTime = graceTime
    }

    /// The signals that end it.
    private static var ending: sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        return signals
    }

    /// Serves until SIGTERM or SIGINT, then finishes what is in hand.
    ///
    /// `makeWorker` runs on each thread and returns what answers there, so what it captures need not be shared. After the signal no connection is accepted, but those that nginx
    /// keeps are served until nginx closes them or the grace time is over: closing one under a `POST` would lose it, since nginx does not send that again.
    public func run(workers: Int, makeWorker: @escaping @Sendable () -> (Request) -> Response) {
        FCGX_Init()
        signal(SIGPIPE, SIG_IGN)
        poll.add(listener.descriptor)
        let threads = (0..<workers).map { _ in
            Thread { self.work(respond: makeWorker()) }
        }
        var (ending, pause) = (Self.ending, timespec(tv_sec: 0, tv_nsec: 50_000_000))
        while unsafe sigtimedwait(&ending, nil, &pause) < 0 { arrivals.lookAgain(poll.rearm) }

        poll.remove(listener.descriptor)
        if !listener.isInherited {
            // nginx may have sent a POST into the backlog already; from here on it is refused, and asks another responder.
            accept()
            shutdown(listener.descriptor, Int32(SHUT_RDWR))
        }
        isDraining.store(true, ordering: .releasing)
        let deadline = time(nil) + graceTime
        while connections.load(ordering: .acquiring) > 0 {
            guard time(nil) < deadline else { return }
            usleep(20_000)
            arrivals.lookAgain(poll.rearm)
        }
        for thread in threads { thread.join() }
    }

    private var isOver: Bool {
        isDraining.load(ordering: .acquiring) && connections.load(ordering: .acquiring) <= 0
    }

    private func work(respond: (Request) -> Response) {
        let exchange = Exchange(bodyLimit: bodyLimit)
        while !isOver {
            guard let ready = poll.wait() else { continue }
            if ready == listener.descriptor {
                accept()
                poll.rearm(listener.descriptor)
                continue
            }
            switch arrivals.judge(ready) {
            case .wait: continue
            case .answer: break
            case .end:
                close(ready)
                connections.subtract(1, ordering: .acquiringAndReleasing)
                continue
            }
            if exchange.answer(ready, with: respond) {
                poll.rearm(ready)
            } else {
                connections.subtract(1, ordering: .acquiringAndReleasing)
            }
        }
    }

    /// Accepts all that wait, since new connections must not starve behind busy kept ones.
    private func accept() {
        while case let connection = Glibc.accept(listener.descriptor, nil, nil), connection >= 0 {
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            // A peer that stops in the middle of a request may hold a worker for this long.
            var patience = timeval(tv_sec: 30, tv_usec: 0)
            unsafe setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            unsafe setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            connections.add(1, ordering: .acquiringAndReleasing)
            poll.add(connection)
        }
        // Out of descriptors: what waits stays in the backlog until one is free, which asking at once again would not hasten.
        if errno == EMFILE || errno == ENFILE { usleep(10_000) }
    }
}
