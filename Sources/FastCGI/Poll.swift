import CFastCGI
import Glibc

/// One epoll set that all workers wait on.
///
/// epoll gives a readable descriptor to one worker, and to no other worker until the descriptor is
/// armed again.
struct Poll: Sendable {
    private let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))

    /// Starts watching a descriptor.
    func add(_ watched: Int32) {
        var event = unsafe Self.oneShot(watched)
        unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event)
    }

    /// Watches a descriptor again after `wait` has returned it.
    func rearm(_ watched: Int32) {
        var event = unsafe Self.oneShot(watched)
        unsafe epoll_ctl(descriptor, EPOLL_CTL_MOD, watched, &event)
    }

    /// Stops watching a descriptor.
    func remove(_ watched: Int32) {
        epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, nil)
    }

    /// Waits until a descriptor is readable and returns it, or returns `nil` after a quarter of a
    /// second.
    func wait() -> Int32? {
        var event = unsafe epoll_event()
        guard unsafe epoll_wait(descriptor, &event, 1, 250) == 1 else { return nil }
        return unsafe event.data.fd
    }

    private static func oneShot(_ watched: Int32) -> epoll_event {
        unsafe epoll_event(
            events: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue, data: epoll_data_t(fd: watched))
    }
}
