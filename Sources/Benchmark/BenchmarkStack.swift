import Cryptography
import DevelopmentStack
import Foundation

/// A client that is made for the benchmark.
struct BenchmarkClient: Sendable {
    let id, secret: String

    /// What follows `Basic` in its `Authorization` field.
    var basic: String { Data("\(id):\(secret)".utf8).base64EncodedString() }
}

/// One Consulate with a database of its own, behind a port of nginx.
struct Instance: Sendable {
    let database: String
    let process: ChildProcess
    let port: Int
    let machine, web: BenchmarkClient
    let user: String
}

/// What the responder in C does for each request.
enum Floor: String, CaseIterable {
    case nothing, select, insert, transaction
}

/// The limit and Consulate behind one nginx, on one MariaDB that loses nothing when the power goes.
final class BenchmarkStack: Sendable {
    static let workers = ProcessInfo.processInfo.activeProcessorCount + 4
    private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    let home: URL
    let mariaDB: PrivateMariaDB
    let nginx: PrivateNginx
    let floors: [Floor: (process: ChildProcess, port: Int)]
    let instances: [Instance]
    /// Ports of nginx: its own answer, a file behind `protect.conf`, and the same file behind a check of the responder in C.
    let (ownPort, protectedPort, floorProtectedPort) = (LocalPort.free(), LocalPort.free(), LocalPort.free())

    /// Starts all of it in a temporary folder, with a Consulate for each database.
    init(databases: [String]) throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "consulate-\(Random.alphanumeric(6))")
        self.home = home
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        // What makes a commit durable is left as MariaDB has it: it is on disk before it is answered.
        mariaDB = PrivateMariaDB(in: home, options: ["--innodb-buffer-pool-size=2G", "--innodb-log-file-size=512M"])
        try mariaDB.start()
        try Self.prepareFloor(mariaDB)
        var floors: [Floor: (process: ChildProcess, port: Int)] = [:]
        var servers = ""
        for mode in Floor.allCases {
            let (socket, port) = (home.appending(path: "\(mode.rawValue).sock").path(), LocalPort.free())
            let process = try ChildProcess(
                Self.program.appending(path: "Floor").path(),
                [mode.rawValue, socket, String(Self.workers)] + (mode == .nothing ? [] : [mariaDB.socket]), log: home.appending(path: "floor.log"))
            floors[mode] = (process, port)
            servers += PrivateNginx.server(port: port, socket: socket)
        }
        self.floors = floors
        instances = try databases.map { [mariaDB] in try Self.instance($0, in: home, on: mariaDB) }
        for instance in instances { servers += PrivateNginx.server(port: instance.port, socket: Self.socket(instance.database, home)) }
        servers += """
            server {
                listen 127.0.0.1:\(ownPort);
                location / { return 200 "ok"; }
            }
            server {
                listen 127.0.0.1:\(protectedPort);
                include consulate/server.conf;
                location = /protected { set $consulate_scope ""; include consulate/protect.conf; empty_gif; }
            }
            server {
                listen 127.0.0.1:\(floorProtectedPort);
                location = /oauth/verify {
                    internal;
                    fastcgi_pass unix:\(home.appending(path: "select.sock").path());
                    fastcgi_pass_request_body off;
                    include consulate/parameters.conf;
                }
                location = /protected { auth_request /oauth/verify; empty_gif; }
            }

            """
        nginx = try PrivateNginx(
            in: home.appending(path: "nginx"), port: LocalPort.free(), responders: ["unix:\(Self.socket(databases[0], home))"], limit: "1000000r/s",
            additions: servers)
        try nginx.start()
        guard LocalPort.waits(for: ownPort) else { throw StackError("nginx does not start: \(home.path())/nginx/error.log says why.") }
    }

    private static func prepareFloor(_ mariaDB: PrivateMariaDB) throws {
        let columns = "(id BINARY(32) PRIMARY KEY, client CHAR(8) NOT NULL, scopes VARCHAR(100) NOT NULL, expires BIGINT NOT NULL)"
        try mariaDB.query(
            """
            CREATE DATABASE floor;
            USE floor;
            CREATE TABLE seen \(columns);
            CREATE TABLE issued \(columns);
            CREATE TABLE refreshed \(columns);
            INSERT INTO seen SELECT CONCAT(UNHEX(LPAD(HEX(seq), 8, '0')), REPEAT(CHAR(0), 28)), 'client01', 'read write profile x', 1800000000
            FROM seq_0_to_99999;
            """)
    }

    private static func socket(_ database: String, _ home: URL) -> String { home.appending(path: "\(database).sock").path() }

    private static func instance(_ database: String, in home: URL, on mariaDB: PrivateMariaDB) throws -> Instance {
        let port = LocalPort.free()
        let consulate = program.appending(path: "consulate").path()
        let environment = [
            "APP_ENV": "testing", "APP_URL": "http://127.0.0.1:\(port)", "DB_SOCKET": mariaDB.socket, "DB_DATABASE": database, "DB_USERNAME": "root",
            "KEYS_PATH": home.path(), "LISTEN": "unix:\(socket(database, home))", "SCOPES": "place-orders Place orders",
        ]
        try mariaDB.query("CREATE DATABASE `\(database)` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        let file = home.appending(path: "\(database).env").path()
        func console(_ arguments: String..., input: String = "") throws -> [String] {
            let output = try ChildProcess.run(consulate, arguments + ["--env", file], environment: environment, input: input)
            return output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        }
        _ = try console("install")
        let machine = try console("client", "--machine", "Machine")
        let web = try console("client", "--confidential", "--redirect", "https://shop.example/callback", "Shop")
        let user = try console("user", "create", "ada@example.com", input: "four unrelated small words\n")
        let process = try ChildProcess(
            consulate, ["serve", "--env", file], environment: environment, log: home.appending(path: "\(database).log"))
        return Instance(
            database: database, process: process, port: port, machine: BenchmarkClient(id: machine[0], secret: machine[1]),
            web: BenchmarkClient(id: web[0], secret: web[1]), user: user[0])
    }

    /// Ends all of it, and leaves nothing behind.
    func stop() {
        nginx.stop()
        for instance in instances { instance.process.end() }
        for floor in floors.values { floor.process.end() }
        mariaDB.stop()
        try? FileManager.default.removeItem(at: home)
    }
}
