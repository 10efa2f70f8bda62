import DevelopmentStack
import Foundation
import Testing

@Suite struct `Programs that are started here` {
    @Test func `one can be ended, though whoever started it blocks signals`() throws {
        var (term, before) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&term)
        unsafe sigaddset(&term, SIGTERM)
        unsafe pthread_sigmask(SIG_BLOCK, &term, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        let log = FileManager.default.temporaryDirectory.appending(path: "consulate-\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: log) }
        let sleep = try ChildProcess("sleep", ["60"], log: log)
        sleep.end(patience: 30)
        #expect(sleep.status == SIGTERM)
    }
}
