import ArgumentParser
import AuthorizationServer
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB

struct Dev: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve on this machine, for development: a private MariaDB, nginx and the responder.",
        discussion: """
            Everything lies in DEV_HOME (.dev if it is not set), nginx listens on 127.0.0.1 at PORT (8080 if it is not set). Ctrl-C ends all of it.
            DEV_HOME/demo.json names a demo user and demo clients.
            """)

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let port = Int(environment["PORT"] ?? "8080"), (1...65535).contains(port) else {
            throw ConsoleError("PORT is not a port.")
        }
        guard !LocalPort.isAnswering(port) else {
            throw ConsoleError("Another process listens on port \(port): set PORT to another port.")
        }
        let home = URL(filePath: environment["DEV_HOME"] ?? ".dev").absoluteURL
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        // Signals are blocked until sigwait, so that every process that was started is ended.
        var ending = sigset_t()
        unsafe sigemptyset(&ending)
        unsafe sigaddset(&ending, SIGTERM)
        unsafe sigaddset(&ending, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &ending, nil)

        let stack = DevelopmentServer(home: home, port: port)
        do {
            try stack.start()
        } catch {
            stack.stop()
            throw error
        }
        print(stack.greeting)
        fflush(nil)
        var received: Int32 = 0
        unsafe sigwait(&ending, &received)
        stack.stop()
    }
}
