import CFastCGI
import Glibc
package import HTTP
import Synchronization

/// A server that answers nginx with worker threads on one epoll set, until a signal ends it.
///
/// No thread owns a connection that nginx keeps open. Any free thread takes the connection's next
/// request.
package final class Responder: Sendable {
    private let listener: Listener
    private let bodyLimit: Int
    private let graceTime: Int
    private let poll = Poll()
    private let arrivals = Arrivals()
    private let isDraining = Atomic(false)
    private let connections = Atomic(0)

    /// Starts to listen at an address in a form that `Listener` accepts.
    ///
    /// `bodyLimit` is in bytes, `graceTime` in seconds. From here on, SIGTERM and SIGINT are
    /// blocked until `run` handles them, because nginx may have sent a request as soon as the
    /// socket exists.
    package init(listeningAt address: String, bodyLimit: Int, graceTime: Int) throws(ListenerError) {
        var ending = Self.ending
        unsafe pthread_sigmask(SIG_BLOCK, &ending, nil)
        listener = try Listener(address)
        self.bodyLimit = bodyLimit
        self.graceTime = graceTime
    }

    /// The signals that end the server.
    private static var ending: sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        return signals
    }

    /// Serves until SIGTERM or SIGINT, then finishes the requests that have begun.
    ///
    /// `makeWorker` runs on each thread and returns the closure that answers there. So threads need
    /// not share the values that the closure captures.
    ///
    /// After the signal, no connection is accepted. Connections that nginx keeps open are served
    /// until nginx closes them or the grace time is over. Closing a connection during a `POST`
    /// would lose the `POST`, because nginx does not send it again.
    package func run(workers: Int, makeWorker: @escaping @Sendable () -> (Request) -> Response) {
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
            // nginx may already have sent a POST into the backlog. From here on, nginx is refused
            // and asks another responder.
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

    /// Accepts all waiting connections, because new connections must not starve behind the busy
    /// connections that nginx keeps.
    private func accept() {
        while case let connection = Glibc.accept(listener.descriptor, nil, nil), connection >= 0 {
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            // A peer that stops in the middle of a request may hold a worker for this time.
            var patience = timeval(tv_sec: 30, tv_usec: 0)
            unsafe setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            unsafe setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            connections.add(1, ordering: .acquiringAndReleasing)
            poll.add(connection)
        }
        // If no descriptor is free, the waiting connections stay in the backlog until one is free.
        // An immediate retry would not help.
        if errno == EMFILE || errno == ENFILE { usleep(10_000) }
    }
}
