import Cryptography
import DevelopmentStack
import Foundation

/// A client that the benchmark creates.
struct BenchmarkClient: Sendable {
    let id, secret: String

    /// The credentials after `Basic` in the `Authorization` field.
    var basic: String { Data("\(id):\(secret)".utf8).base64EncodedString() }
}

/// One Consulate with its own database, behind one port of nginx.
struct Instance: Sendable {
    static let password = "four unrelated small words"

    let database: String
    let process: Int32
    let port: Int
    let machine, web: BenchmarkClient
    /// The ids of three users: Ada gets tokens, Grace lists her few tokens, Alan revokes tokens.
    let ada, grace, alan: String
    let environment: [String: String]
}

/// Consulate and the limit behind one nginx, on one MariaDB that loses nothing in a power failure.
struct BenchmarkStack {
    private static let workers = ProcessInfo.processInfo.activeProcessorCount + 4
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    let home: URL
    let mariaDB: PrivateMariaDB
    let nginx: PrivateNginx
    let instances: [Instance]
    /// The process and the port of a responder in C for each floor, by the floor's name.
    let floors: [String: (process: Int32, port: Int)]
    let peers: [Peer]
    /// Three ports of nginx: its own answer, a file behind `protect.conf`, and the same file behind
    /// a check by the responder in C.
    let ownPort = LocalPort.free()
    let protectedPort = LocalPort.free()
    let floorProtectedPort = LocalPort.free()

    /// Starts all servers in a temporary folder, with one Consulate for each database.
    ///
    /// `memory` is the memory of MariaDB in gigabytes.
    init(databases: [String], memory: Int, floors wanted: (Instance) -> [Floor], peers folder: URL?, _ started: Started)
        throws
    {
        let home = FileManager.default.temporaryDirectory.appending(path: "consulate-\(Random.alphanumeric(6))")
        self.home = home
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        started.add { try? FileManager.default.removeItem(at: home) }
        // Keeps MariaDB's default durability: a commit is on disk before MariaDB answers.
        let mariaDB = PrivateMariaDB(
            in: home, options: ["--innodb-buffer-pool-size=\(memory)G", "--innodb-log-file-size=512M"])
        self.mariaDB = mariaDB
        started.add { mariaDB.stop() }
        try mariaDB.start()
        try mariaDB.query(Floor.tables)
        instances = try databases.map { try Self.instance($0, in: home, on: mariaDB, started) }
        var servers = ""
        for instance in instances {
            servers += PrivateNginx.server(port: instance.port, socket: Self.socket(instance.database, home))
        }
        var floors: [String: (process: Int32, port: Int)] = [:]
        for (index, floor) in wanted(instances[0]).enumerated() {
            let (socket, port) = (Self.socket("floor\(index)", home), LocalPort.free())
            let database = [mariaDB.socket, floor.database, String(floor.numbers)] + floor.statements
            let process = try ChildProcess(
                Self.program.appending(path: "Floor").path(),
                [socket, String(Self.workers)] + (floor.statements.isEmpty ? [] : database),
                log: home.appending(path: "floor.log"))
            floors[floor.name] = (started.add(process).id, port)
            servers += PrivateNginx.server(port: port, socket: socket)
            if floor.name == Floor.select.name {
                servers += Self.protectedServer(port: floorProtectedPort, socket: socket)
            }
        }
        self.floors = floors
        var peers: [Peer] = []
        if let folder {
            for start in [Glewlwyd.start, DjangoOAuthToolkit.start] {
                let (peer, server) = try start(folder, home, mariaDB, LocalPort.free(), started)
                peers.append(peer)
                servers += server
            }
        }
        self.peers = peers
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

            """
        let nginx = try PrivateNginx(
            in: home.appending(path: "nginx"), port: LocalPort.free(),
            responders: ["unix:\(Self.socket(databases[0], home))"], limit: "1000000r/s",
            additions: servers)
        self.nginx = nginx
        started.add { nginx.stop() }
        try nginx.start()
        guard LocalPort.waits(for: ownPort) else {
            throw StackError("nginx does not start: \(home.path())/nginx/error.log says why.")
        }
    }

    private static func socket(_ name: String, _ home: URL) -> String { home.appending(path: "\(name).sock").path() }

    /// Returns a server of nginx that protects the same file with the responder in C.
    private static func protectedServer(port: Int, socket: String) -> String {
        """
        server {
            listen 127.0.0.1:\(port);
            location = /oauth/verify {
                internal;
                fastcgi_pass unix:\(socket);
                fastcgi_pass_request_body off;
                include consulate/parameters.conf;
            }
            location = /protected { auth_request /oauth/verify; empty_gif; }
        }

        """
    }

    private static func instance(_ database: String, in home: URL, on mariaDB: PrivateMariaDB, _ started: Started)
        throws -> Instance
    {
        let port = LocalPort.free()
        let consulate = program.appending(path: "consulate").path()
        let environment = [
            "APP_ENV": "testing", "APP_URL": "http://127.0.0.1:\(port)", "AUDIT_ISSUING": "false",
            "DB_SOCKET": mariaDB.socket,
            "DB_DATABASE": database, "DB_USERNAME": "root",
            "KEYS_PATH": home.path(), "LISTEN": "unix:\(socket(database, home))", "SCOPES": "place-orders Place orders",
        ]
        try mariaDB.query("CREATE DATABASE `\(database)` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        let file = home.appending(path: "\(database).env").path()
        /// Runs a command and returns the last word of each line that it prints.
        func console(_ arguments: String..., input: String = "") throws -> [String] {
            let output = try ChildProcess.run(
                consulate, arguments + ["--env", file], environment: environment, input: input)
            return output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        }
        _ = try console("install")
        let machine = try console("client", "--machine", "Machine")
        let web = try console("client", "--confidential", "--redirect", "https://shop.example/callback", "Shop")
        let users = try ["ada", "grace", "alan"].map {
            try console("user", "create", "\($0)@example.com", input: Instance.password + "\n")[0]
        }
        let process = try ChildProcess(
            consulate, ["serve", "--env", file], environment: environment, log: home.appending(path: "\(database).log"))
        return Instance(
            database: database, process: started.add(process).id, port: port,
            machine: BenchmarkClient(id: machine[0], secret: machine[1]),
            web: BenchmarkClient(id: web[0], secret: web[1]), ada: users[0], grace: users[1],
            alan: users[2], environment: environment)
    }
}
