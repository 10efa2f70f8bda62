import AuthorizationServer
import Cryptography
import DevelopmentStack
import Foundation
import MariaDB
import Storage

/// Consulate as it is deployed: a real nginx, responders and a real MariaDB, in a temporary folder.
package final class Stack: Sendable {
    /// The stack that most tests share.
    package static let shared = start("shared")
    /// A stack whose responders use the locks of one node, even if the other stacks use a cluster.
    package static let onOneNode = Cluster.shared == nil ? shared : start("one", on: Folder.mariaDB)
    /// A stack that enables the grants that are disabled by default.
    package static let permissive = start(
        "permissive", settings: ["PASSWORD_GRANT": "true", "IMPLICIT_GRANT": "true", "REQUIRE_PKCE": "true"])

    /// Starts a stack with its own settings on the shared MariaDB.
    ///
    /// A stack with its own name has its own database. On a cluster, each node has a responder that
    /// tries this node first.
    package static func start(
        _ name: String, settings: [String: String] = [:], responders: Int = 1, limit: String = "100000r/s",
        on mariaDB: PrivateMariaDB? = nil,
        cluster: Cluster? = nil
    ) -> Stack {
        do {
            guard let cluster = cluster ?? (mariaDB == nil ? Cluster.shared : nil) else {
                return try Stack(
                    name, settings: settings, responders: responders, limit: limit, on: mariaDB ?? Folder.mariaDB)
            }
            let hosts = [
                "DB_SOCKET": "", "DB_HOST": cluster.hosts.joined(separator: ","), "DB_USERNAME": "consulate",
                "DB_PASSWORD": "a password",
            ]
            return try Stack(
                name, settings: hosts.merging(settings) { _, own in own },
                responders: max(responders, cluster.nodes.count), limit: limit,
                on: cluster.nodes[0])
        } catch {
            fatalError("the stack does not start: \(error)")
        }
    }

    package let port: Int
    /// The port where nginx passes every address to the first responder, even `GET /oauth/verify`.
    package let directPort = LocalPort.free()
    package let folder: URL
    package let server: DatabaseServer
    /// The environment variables of the responders.
    package let environment: [String: String]
    package let responders: [ChildProcess]
    package let nginx: PrivateNginx

    private init(
        _ name: String, settings: [String: String], responders count: Int, limit: String, on mariaDB: PrivateMariaDB
    ) throws {
        folder = Folder.root.appending(path: "\(name)-\(Random.alphanumeric(6))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        port = LocalPort.free()
        try mariaDB.query("CREATE DATABASE IF NOT EXISTS `\(name)` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        server = DatabaseServer(socket: mariaDB.socket, database: name, username: "root")
        let environment = [
            "APP_ENV": "testing", "APP_URL": "http://127.0.0.1:\(port)", "DB_SOCKET": mariaDB.socket,
            "DB_DATABASE": name, "DB_USERNAME": "root",
            "KEYS_PATH": folder.path(), "BCRYPT_ROUNDS": "4", "REGISTRATION_LIMIT": "1000000", "LOG_FORMAT": "json",
            "SCOPES": "place-orders Place orders; check-status Check order status", "GRACE_TIME": "3",
        ].merging(settings) { _, new in new }
        self.environment = environment
        let environmentFile = folder.appending(path: "env").path()
        if Cluster.shared == nil, settings["DB_PREFIX"] == nil, try mariaDB.query("SHOW TABLES", database: name).isEmpty
        {
            try mariaDB.query(Folder.schema, database: name)
        }
        try Folder.console(["install", "--env", environmentFile], environment)
        responders = try (0..<count).map { [folder] in try Self.responder($0, in: folder, environment) }
        let sockets = (0..<count).map { [folder] in Self.socket($0, in: folder) }
        for socket in sockets {
            for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket) { usleep(20_000) }
        }
        nginx = try PrivateNginx(
            in: folder.appending(path: "nginx"), port: port, responders: sockets.map { "unix:\($0)" }, limit: limit,
            additions: PrivateNginx.server(port: directPort, socket: sockets[0]))
        try nginx.start()
        Folder.register(self)
        guard LocalPort.waits(for: port), responders.allSatisfy(\.isRunning) else {
            throw StackError((try? String(contentsOf: folder.appending(path: "0.log"), encoding: .utf8)) ?? "no log")
        }
    }

    /// Starts a new process in the place of a responder that has ended.
    ///
    /// The caller ends the process.
    package func successor(of index: Int, settings: [String: String] = [:]) throws -> ChildProcess {
        try Self.responder(index, in: folder, environment.merging(settings) { _, new in new })
    }

    /// Starts a process in the place of the first responder, from a shell script.
    ///
    /// The script prepares the conditions, for example limits, and then runs the responder.
    package func responder(by script: String, _ settings: [String: String] = [:]) throws -> ChildProcess {
        let own = ["LISTEN": "unix:\(Self.socket(0, in: folder))", "LOG_LEVEL": "info"].merging(settings) { _, new in
            new
        }
        return try ChildProcess(
            "sh", ["-c", script, Folder.program, "serve", "--env", folder.appending(path: "env").path()],
            environment: environment.merging(own) { _, new in new }, log: folder.appending(path: "limited.log"))
    }

    /// Starts a process in the place of the first responder, with its own clock.
    ///
    /// Variables of libfaketime set the clock.
    package func responder(withClock clock: [String: String]) throws -> ChildProcess {
        let library = [
            "LD_PRELOAD": "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        ]
        // A shell is needed because the first process that loads this library loses its arguments.
        return try responder(by: #"exec "$0" "$@""#, library.merging(clock) { $1 })
    }

    /// Waits until a responder answers, for at most ten seconds.
    package func waitForResponder() {
        for _ in 0..<500 where consumer().get("/up").status != 200 { usleep(20_000) }
    }

    private static func socket(_ index: Int, in folder: URL) -> String {
        folder.appending(path: "\(index).sock").path()
    }

    private static func responder(_ index: Int, in folder: URL, _ environment: [String: String]) throws -> ChildProcess
    {
        var own = environment.merging(["LISTEN": "unix:\(socket(index, in: folder))"]) { _, new in new }
        if let hosts = environment["DB_HOST"]?.split(separator: ",") {
            own["DB_HOST"] = hosts.indices.map { String(hosts[($0 + index) % hosts.count]) }.joined(separator: ",")
        }
        return try ChildProcess(
            Folder.program, ["serve", "--env", folder.appending(path: "env").path()], environment: own,
            log: folder.appending(path: "\(index).log"))
    }

    /// Tells nginx to read its configuration again and to start new worker processes.
    package func reloadNginx() { nginx.reload() }

    /// Starts the same server again, with the current files of its folder and with more settings.
    package func again(_ settings: [String: String] = [:]) -> Stack {
        let shared = ["KEYS_PATH": folder.path(), "APP_URL": environment["APP_URL"] ?? ""]
        return Self.start(server.database, settings: shared.merging(settings) { _, own in own })
    }

    /// Ends nginx and the responders, but not the shared MariaDB.
    package func stop() {
        nginx.stop()
        for responder in responders { responder.end() }
    }

    /// The logs of all responders.
    package var log: String {
        responders.indices.map { (try? String(contentsOf: folder.appending(path: "\($0).log"), encoding: .utf8)) ?? "" }
            .joined()
    }

    /// Opens a connection to the database for a test.
    package func connection() -> Connection { Connection(to: server) }

    /// Returns the form in which a cache key is stored.
    package func storedForm(ofCacheKey key: String) throws -> String {
        CacheRepository(connection(), try applicationKey()).digest(key)
    }

    /// Returns the application key of the responders.
    package func applicationKey() throws -> ApplicationKey {
        let text =
            try environment["APP_KEY"] ?? DotEnv(String(contentsOf: folder.appending(path: "env"), encoding: .utf8))
            .values["APP_KEY"] ?? ""
        guard let key = ApplicationKey(text) else { throw StackError("APP_KEY cannot be read.") }
        return key
    }

    /// Runs a console command with the settings of this stack.
    package func console(_ arguments: String..., input: String = "") throws -> (
        status: Int32, output: String, error: String
    ) {
        try ChildProcess.output(
            Folder.program, arguments + ["--env", folder.appending(path: "env").path()], environment: environment,
            input: input)
    }

    /// Returns a caller without cookies, like curl.
    package func consumer(bearer: String? = nil) -> Consumer { Consumer(port, bearer: bearer) }

    /// Returns a new browser.
    package func browser() -> Consumer { .browser(port) }
}

/// The temporary folder of a test run, and the processes that must end with the run.
package enum Folder {
    package static let root: URL = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "consulate-\(Random.alphanumeric(6))")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { Folder.leave() }
        return folder
    }()

    /// The data of a new MariaDB, which is created once and copied for each server.
    private static let data: URL = {
        let (data, temporary) = (root.appending(path: "data"), root.appending(path: "data-tmp"))
        do {
            try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
            try PrivateMariaDB.createData(at: data, temporary: temporary)
        } catch {
            fatalError("\(error)")
        }
        return data
    }()

    /// The options of servers whose data needs to survive their process, but not their machine.
    private static let fast = ["--innodb-flush-method=nosync", "--sync-frm=0"]

    /// The tables that the migrations create, as SQL, which is written once and loaded for each
    /// stack.
    static let schema: String = {
        let server = ["DB_SOCKET": mariaDB.socket, "DB_DATABASE": "model", "DB_USERNAME": "root", "APP_ENV": "testing"]
        do {
            try mariaDB.query("CREATE DATABASE model CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
            try console(["migrate", "--env", root.appending(path: "no-env").path()], server)
            return try ChildProcess.run(
                "mariadb-dump",
                ["--no-defaults", "--socket=\(mariaDB.socket)", "--user=root", "--skip-comments", "model"])
        } catch {
            fatalError("\(error)")
        }
    }()

    /// The MariaDB that all stacks share.
    package static let mariaDB: PrivateMariaDB = {
        if let cluster = Cluster.shared { return cluster.nodes[0] }
        let mariaDB = PrivateMariaDB(in: root, options: ["--innodb-flush-log-at-trx-commit=2"] + fast, model: data)
        do {
            try mariaDB.start()
        } catch {
            fatalError("\(error)")
        }
        register(mariaDB)
        return mariaDB
    }()

    /// Starts a MariaDB of its own in a folder of this name, for tests that count or need options.
    package static func startMariaDB(
        _ name: String, options: [String] = [], environment: [String: String] = [:]
    ) -> PrivateMariaDB {
        let folder = root.appending(path: name)
        let mariaDB = PrivateMariaDB(
            in: folder, options: options + ["--innodb-flush-log-at-trx-commit=0"] + fast, environment: environment,
            model: data)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try mariaDB.start()
        } catch {
            fatalError("\(error)")
        }
        register(mariaDB)
        return mariaDB
    }

    /// The path of the built `consulate`, which is beside the tests.
    package static let program: String = {
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = [
            beside, Bundle.main.bundleURL,
            URL(filePath: FileManager.default.currentDirectoryPath).appending(path: ".build/debug"),
        ]
        return candidates.map { $0.appending(path: "consulate").path() }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        } ?? "consulate"
    }()

    private static let lock = NSLock()
    nonisolated(unsafe) private static var stacks: [Stack] = []
    nonisolated(unsafe) private static var databases: [PrivateMariaDB] = []

    /// Registers a MariaDB that must end with the run.
    package static func register(_ mariaDB: PrivateMariaDB) { lock.withLock { databases.append(mariaDB) } }

    static func register(_ stack: Stack) { lock.withLock { stacks.append(stack) } }

    static func console(_ arguments: [String], _ environment: [String: String]) throws {
        try ChildProcess.run(program, arguments, environment: environment)
    }

    /// Ends the run with a failure if a responder or nginx has logged a secret.
    private static func checkLogs() {
        guard let found = try? Secrets.found(inLogsOf: root), !found.isEmpty else { return }
        print("Secrets were logged: \(found.sorted())")
        fflush(nil)
        _exit(1)
    }

    private static func leave() {
        for stack in stacks { stack.stop() }
        for mariaDB in databases { mariaDB.stop() }
        checkLogs()
        try? FileManager.default.removeItem(at: root)
    }
}
