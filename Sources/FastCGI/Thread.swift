import Glibc

/// A running POSIX thread.
struct Thread {
    private let identifier: pthread_t

    /// Starts a thread that runs the closure.
    init(_ body: @escaping @Sendable () -> Void) {
        let box = unsafe Unmanaged.passRetained(Box(body))
        var identifier = pthread_t()
        unsafe pthread_create(
            &identifier, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        self.identifier = identifier
    }

    /// Waits until the thread ends.
    func join() {
        pthread_join(identifier, nil)
    }

    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
