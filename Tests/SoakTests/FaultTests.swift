import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// Faults under load.
///
/// No code or refresh token is used twice. If a code or token is lost, its client gets an error.
/// Service returns by itself.
///
/// `.build/faults.md` has the figures of the last run.
@Suite(.serialized) struct `Faults` {
    private static let figures = Figures("faults.md")
    private let mariaDB: PrivateMariaDB
    private let stack: Stack

    init() throws {
        let folder = Folder.root.appending(path: "fault-\(Random.alphanumeric(4))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // MariaDB inherits this, so a file that may not grow is an error, as on a full disk.
        signal(SIGXFSZ, SIG_IGN)
        mariaDB = PrivateMariaDB(
            in: folder,
            options: ["--innodb-file-per-table=0", "--innodb-autoextend-increment=1", "--innodb-log-file-size=12M"])
        try mariaDB.start()
        Folder.register(mariaDB)
        try mariaDB.query(
            "CREATE DATABASE faults; CREATE USER consulate@localhost; GRANT ALL ON faults.* TO consulate@localhost")
        let settings = [
            "DB_USERNAME": "consulate", "DB_READ_TIMEOUT": "2", "DB_CONNECT_TIMEOUT": "2", "REFRESH_OVERLAP": "300",
            "GRACE_TIME": "30",
            "LOG_LEVEL": "warning",
        ]
        stack = Stack.start("faults", settings: settings, responders: 2, on: mariaDB)
    }

    private func end() {
        stack.stop()
        mariaDB.stop()
    }

    /// Checks the answers during a fault, and adds a line to the figures.
    @discardableResult
    private func account(_ name: String, for fault: () throws -> Void) throws -> Load.Account {
        let account = try Load(on: stack).account(for: fault)
        Self.figures.add(name, account)
        #expect(account.violations.isEmpty, "\(name): \(account.violations)")
        #expect(account.requests > 50)
        #expect(
            account.failures.keys.allSatisfy { ["503 Retry-After", "502", "504", "no answer"].contains($0) },
            "\(name): \(account.failures)")
        return account
    }

    // MARK: - The database

    @Test func `service returns after MariaDB was killed, stopped or frozen`() throws {
        defer { end() }
        try account("MariaDB killed (-9), started after a second") {
            mariaDB.kill()
            sleep(1)
            try mariaDB.start()
        }
        try account("MariaDB stopped, started after a second") {
            mariaDB.stop()
            sleep(1)
            try mariaDB.start()
        }
        try account("MariaDB frozen for four seconds") {
            mariaDB.freeze()
            sleep(4)
            mariaDB.thaw()
        }
    }

    @Test func `service returns after MariaDB was full, out of connections or read-only`() throws {
        defer { end() }
        try account("no room on the disk for two seconds") {
            try limitFiles(to: String(largestFile()))
            try mariaDB.query("CREATE TABLE filler (text BLOB)", database: "faults")
            while (try? mariaDB.query(
                "INSERT INTO filler SELECT REPEAT('x', 8000) FROM seq_1_to_100", database: "faults")) != nil
            {}
            sleep(2)
            try limitFiles(to: "unlimited")
        }
        try account("no connection free for two seconds") {
            let administrator = stack.connection()
            try administrator.execute("SET GLOBAL max_connections = 10")
            try administrator.execute("KILL USER consulate")
            let server = DatabaseServer(socket: mariaDB.socket, database: "faults", username: "consulate")
            let others = (0..<12).map { _ in Connection(to: server) }
            for other in others { _ = try? other.row("SELECT 1") }
            sleep(2)
            try administrator.execute("SET GLOBAL max_connections = 200")
            withExtendedLifetime(others) {}
        }
        try account("read-only for two seconds") {
            try mariaDB.query("SET GLOBAL read_only = 1")
            sleep(2)
            try mariaDB.query("SET GLOBAL read_only = 0")
        }
    }

    /// Limits the size of each file of MariaDB, which has the same effect as a full disk.
    private func limitFiles(to size: String) throws {
        try ChildProcess.run("prlimit", ["--pid", String(mariaDB.id ?? 0), "--fsize=\(size):"])
    }

    private func largestFile() throws -> Int {
        let files = try FileManager.default.contentsOfDirectory(
            at: mariaDB.data, includingPropertiesForKeys: [.fileSizeKey])
        return try files.compactMap { try $0.resourceValues(forKeys: [.fileSizeKey]).fileSize }.max() ?? 0
    }

    @Test func `a responder runs with a newer schema, and does not start with an older schema`() throws {
        defer { end() }
        try mariaDB.query(
            "ALTER TABLE oauth_access_tokens ADD COLUMN of_tomorrow INT NULL; INSERT INTO consulate_migrations (name, applied_at) VALUES ('9999_of_tomorrow', UTC_TIMESTAMP())",
            database: "faults")
        let account = try account("a schema that is ahead") { sleep(1) }
        #expect(account.failures.isEmpty)
        try mariaDB.query("DELETE FROM consulate_migrations WHERE name LIKE '0024%'", database: "faults")
        let behind = try stack.successor(of: 7)
        behind.wait()
        #expect(behind.status != 0)
        #expect(
            try String(contentsOf: stack.folder.appending(path: "7.log"), encoding: .utf8).contains("consulate migrate")
        )
    }

    // MARK: - Responders and nginx

    @Test func `service returns after one of two responders was killed or frozen`() throws {
        defer { end() }
        var successor: ChildProcess?
        defer { successor?.end() }
        try account("one of two responders killed (-9), started after two seconds") {
            stack.responders[0].signal(SIGKILL)
            sleep(2)
            successor = try stack.successor(of: 0)
        }
        try account("one of two responders frozen for three seconds") {
            stack.responders[1].freeze()
            sleep(3)
            stack.responders[1].signal(SIGCONT)
        }
    }

    @Test func `no request fails when nginx is reloaded or responders are replaced one after the other`() throws {
        defer { end() }
        let reloaded = try account("nginx reloaded three times") {
            for _ in 0..<3 {
                stack.reloadNginx()
                usleep(700_000)
            }
        }
        #expect(reloaded.failures.isEmpty, "\(reloaded.failures)")
        var successor: ChildProcess?
        defer { successor?.end() }
        let replaced = try account("one of two responders ended by TERM, started again") {
            stack.responders[0].signal(SIGTERM)
            stack.responders[0].wait()
            successor = try stack.successor(of: 0)
        }
        #expect(replaced.failures.isEmpty, "\(replaced.failures)")
        #expect(stack.responders[0].status == 0)
    }

    @Test func `no request fails when TERM ends the only responder and its successor inherits the socket`() throws {
        defer { end() }
        for responder in stack.responders { responder.end() }
        let socket = try Self.listen(at: stack.folder.appending(path: "0.sock").path())
        func start() throws -> ChildProcess {
            try ChildProcess(
                Folder.program, ["serve", "--env", stack.folder.appending(path: "env").path()],
                environment: stack.environment.merging(["LISTEN": "inherited"]) { _, new in new }, input: socket,
                log: stack.folder.appending(path: "inherited.log"))
        }
        var current = try start()
        defer { current.end() }
        let account = try account("the only responder ended by TERM three times, its socket inherited") {
            for _ in 0..<3 {
                let next = try start()
                current.signal(SIGTERM)
                current.wait()
                #expect(current.status == 0)
                current = next
            }
        }
        #expect(account.failures.isEmpty, "\(account.failures)")
    }

    /// Returns a socket that a process can inherit, like a socket of systemd.
    private static func listen(at path: String) throws -> FileHandle {
        unlink(path)
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, Glibc.listen(descriptor, 1024) == 0 else { throw StackError("\(path) cannot be listened on") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    @Test func `no request fails when the signing key and APP_KEY are replaced step by step as in the guide`() throws {
        defer { end() }
        var running = stack.responders
        defer { for responder in running { responder.end() } }
        func restart(_ settings: [String: String]) throws {
            for index in running.indices {
                running[index].signal(SIGTERM)
                running[index].wait()
                let socket = stack.folder.appending(path: "\(index).sock").path()
                try FileManager.default.removeItem(atPath: socket)
                running[index] = try stack.successor(of: index, settings: settings)
                for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket) { usleep(20_000) }
            }
        }
        let environment = try String(contentsOf: stack.folder.appending(path: "env"), encoding: .utf8)
        let old = String(try #require(environment.firstMatch(of: #/APP_KEY=(\S+)/#)).1)
        let new = ApplicationKey.generate()
        let account = try account("the signing key and APP_KEY replaced, with two restarts of each responder") {
            #expect(try stack.console("keys", "--next").status == 0)
            try restart(["APP_PREVIOUS_KEYS": new])
            #expect(try stack.console("keys", "--activate").status == 0)
            try restart(["APP_KEY": new, "APP_PREVIOUS_KEYS": old])
        }
        #expect(account.failures.isEmpty, "\(account.failures)")
    }

    // MARK: - The machine

    @Test func `no request fails when the clock jumps forward by half a minute and back by a few seconds`() throws {
        defer { end() }
        for responder in stack.responders { responder.end() }
        let offset = stack.folder.appending(path: "offset")
        func jump(_ text: String) throws { try Data(text.utf8).write(to: offset) }
        try jump("+0")
        let jumping = try stack.responder(withClock: ["FAKETIME_TIMESTAMP_FILE": offset.path()])
        defer { jumping.end() }
        stack.waitForResponder()
        let account = try account("a clock that jumps by +30 s and by -8 s") {
            try jump("+30")
            sleep(1)
            try jump("+22")
            sleep(1)
        }
        #expect(account.failures.isEmpty, "\(account.failures)")
    }

    @Test func `missing key files do not stop a running responder, and stop a starting responder with one sentence`()
        throws
    {
        defer { end() }
        let keys = ["access-token-private.key", "access-token-public.key"].map { stack.folder.appending(path: $0) }
        let account = try account("the key files taken away") {
            for key in keys { try FileManager.default.moveItem(at: key, to: key.appendingPathExtension("away")) }
            sleep(1)
        }
        #expect(account.failures.isEmpty, "\(account.failures)")
        let log = stack.folder.appending(path: "7.log")
        func sentence(_ contents: String?) throws -> String {
            try? FileManager.default.removeItem(at: keys[0])
            if let contents { try Data(contents.utf8).write(to: keys[0]) }
            try? FileManager.default.removeItem(at: log)
            let starting = try stack.successor(of: 7)
            starting.wait()
            #expect(starting.status != 0)
            return try String(contentsOf: log, encoding: .utf8)
        }
        #expect(try sentence(nil).contains("\(keys[0].path()) does not exist"))
        for contents in ["", "no key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"] {
            let said = try sentence(contents)
            #expect(said.contains(keys[0].path()) && said.split(separator: "\n").count == 1, "\(said)")
        }
    }

    @Test func `a responder survives a lack of descriptors or memory, and a log that is closed or not read`() throws {
        defer { end() }
        for responder in stack.responders { responder.end() }
        for (name, script) in [
            ("a responder with 18 descriptors", #"ulimit -n 18; exec "$0" "$@""#),
            (
                "a responder with 250 MB of addresses, which are not enough for what its threads ask for",
                #"ulimit -v 250000; exec "$0" "$@""#
            ),
            ("a log whose pipe nobody empties", #"mkfifo "$3.pipe"; exec 3<>"$3.pipe"; exec "$0" "$@" 2>&3"#),
            ("a log that is closed", #"exec "$0" "$@" 2>&-"#), ("a log on a full disk", #"exec "$0" "$@" 2>/dev/full"#),
        ] {
            let limited = try stack.responder(by: script)
            defer { limited.end() }
            stack.waitForResponder()
            try account(name) { sleep(2) }
            #expect(
                limited.isRunning,
                "\(name): \((try? String(contentsOf: stack.folder.appending(path: "limited.log"), encoding: .utf8))?.suffix(500) ?? "")"
            )
        }
    }
}
