import ArgumentParser
import AuthorizationServer
import Cryptography
import DevelopmentStack
import FastCGI
import Foundation
import HTTP
import MariaDB
import Storage

/// The processes that `consulate dev` starts, with a demo user and demo clients.
final class DevelopmentServer {
    private static let password = "correct horse battery staple"

    private let home: URL
    private let port: Int
    private let mariaDB: PrivateMariaDB
    private var responder: ChildProcess?
    private var nginx: PrivateNginx?

    private var environmentFile: URL { home.appending(path: "env") }
    private var demoFile: URL { home.appending(path: "demo.json") }
    private var baseURL: String { "http://localhost:\(port)" }

    init(home: URL, port: Int) {
        self.home = home
        self.port = port
        mariaDB = PrivateMariaDB(in: home)
    }

    /// Starts MariaDB, the responder and nginx, one after the other.
    func start() throws {
        try mariaDB.start()
        try writeEnvironment()
        let program = CommandLine.arguments[0].contains("/") ? CommandLine.arguments[0] : "/proc/self/exe"
        try ChildProcess.run(program, ["install", "--env", environmentFile.path()], environment: settings)
        if !FileManager.default.fileExists(atPath: demoFile.path()) { try makeDemo() }
        let log = home.appending(path: "consulate.log")
        responder = try ChildProcess(
            program, ["serve", "--env", environmentFile.path()], environment: settings, log: log)
        let socket = home.appending(path: "consulate.sock").path()
        for _ in 0..<500 where !Listener.isAnswering(unixPath: socket) {
            guard responder?.isRunning == true else { break }
            usleep(20_000)
        }
        guard responder?.isRunning == true else {
            throw ConsoleError("The responder does not start: \(log.path()) says why.")
        }
        let nginx = try PrivateNginx(in: home.appending(path: "nginx"), port: port, responders: ["unix:\(socket)"])
        try nginx.start()
        self.nginx = nginx
        guard LocalPort.waits(for: port) else {
            throw ConsoleError("nginx does not start: \(home.path())/nginx/error.log says why.")
        }
    }

    /// Ends the processes in the opposite order.
    func stop() {
        nginx?.stop()
        responder?.end()
        mariaDB.stop()
    }

    /// The settings that follow from the place where the server was started.
    ///
    /// The other settings may be changed in DEV_HOME/env.
    private var settings: [String: String] {
        [
            "APP_URL": ProcessInfo.processInfo.environment["APP_URL"] ?? baseURL, "DB_SOCKET": mariaDB.socket,
            "DB_USERNAME": "root",
            "DB_PASSWORD": "",
            "DB_DATABASE": "consulate", "KEYS_PATH": home.path(),
            "LISTEN": "unix:\(home.appending(path: "consulate.sock").path())",
        ]
    }

    private func writeEnvironment() throws {
        guard !FileManager.default.fileExists(atPath: environmentFile.path()) else { return }
        let text = """
            # Settings of the development server; those of the environment come first.
            APP_ENV=local
            SCOPES="place-orders Place orders; check-status Check order status"
            PASSWORD_GRANT=true

            """
        try Data(text.utf8).write(to: environmentFile)
    }

    // MARK: - The demonstration

    private func makeDemo() throws {
        let connection = Connection(to: DatabaseServer(socket: mariaDB.socket, database: "consulate", username: "root"))
        let email = "demo@example.com"
        if try UserRepository(connection).find(email: email) == nil {
            _ = try report(.userCreated, on: connection) { change in
                try UserRepository(connection).create(
                    name: "Demo", email: email, password: .bcrypt(Self.password, cost: 12), in: change)
            }
        }
        let callback = "http://localhost:9999/callback"
        func client(_ name: String, _ arguments: String...) throws -> JSON {
            let command = try ClientCommand.Create.parse(arguments + [name])
            let made = try report(.clientCreated, on: connection) { change in
                try command.make(Settings(settings), on: connection, in: change)
            }
            return [
                "id": .string(made.id), "secret": JSON(made.secret),
                "redirect_uri": JSON(arguments.count > 1 ? callback : nil),
            ]
        }
        let demo: JSON = [
            "base_url": .string(baseURL),
            "user": ["email": .string(email), "password": .string(Self.password)],
            "clients": [
                "confidential": try client("Demo server", "--confidential", "--redirect", callback),
                "public": try client("Demo application", "--public", "--redirect", callback),
                "machine": try client("Demo machine", "--machine"),
                "password": try client("Demo password client", "--password"),
            ],
        ]
        try Data(demo.bytes).write(to: demoFile)
    }

    /// Changes the database and reports the change as a command does.
    private func report<Result>(
        _ kind: AuditEvent.Kind, on connection: Connection, _ body: (Change) throws -> Result
    ) throws -> Result {
        let event = AuditEvent(kind, from: "console", requestID: NSUserName(), at: currentTime())
        return try Change.report(event, on: connection, isStored: true, body).result
    }

    /// The addresses, the demo user, and a command line that works.
    var greeting: String {
        let demo = FileManager.default.contents(atPath: demoFile.path()).flatMap { JSON(parsing: Array($0)) }
        let machine = demo?["clients"]?["machine"]
        return """
            Consulate is ready at \(baseURL)

              sign in    \(baseURL)/login as \(demo?["user"]?["email"]?.text ?? "") with “\(demo?["user"]?["password"]?.text ?? "")”
              clients    \(demoFile.path())
              settings   \(environmentFile.path())

            A first token:

              curl -u '\(machine?["id"]?.text ?? ""):\(machine?["secret"]?.text ?? "")' -d grant_type=client_credentials -d scope=place-orders \(baseURL)/oauth/token

            Ctrl-C ends all of it.
            """
    }
}
