package import Foundation

/// A private MariaDB server, with its data and its socket in a folder.
///
/// It listens only at its socket unless the caller asks for a port.
package final class PrivateMariaDB: Sendable {
    private let folder: URL
    /// The port on 127.0.0.1 at which the server also listens.
    package let port: Int?
    private let options: [String]
    private let environment: [String: String]
    private let user: String
    private let isJoining: Bool
    private let model: URL?
    private let running = Running()

    /// The socket at which the server listens.
    package var socket: String { folder.appending(path: "mariadb.sock").path() }

    /// The folder of the server's data.
    package var data: URL { folder.appending(path: "mariadb") }

    /// Describes a server.
    ///
    /// With a port, the server also listens on 127.0.0.1. A server that joins a cluster gets its
    /// tables from the cluster. `model` is a folder from `createData`. It is copied if the server
    /// has no data yet.
    package init(
        in folder: URL, port: Int? = nil, options: [String] = [], environment: [String: String] = [:],
        user: String = NSUserName(),
        isJoining: Bool = false, model: URL? = nil
    ) {
        self.folder = folder
        self.model = model
        self.user = user
        self.isJoining = isJoining
        self.port = port
        self.options = options
        self.environment = environment
    }

    /// Starts the server, and creates an empty database `consulate` if none exists.
    ///
    /// Further options are only for this start.
    package func start(_ more: [String] = []) throws {
        guard socket.utf8.count <= 107 else {
            throw StackError("\(socket) is longer than a socket's path may be: set DEV_HOME to a shorter one.")
        }
        // The server has its own temporary folder. In /tmp, a MariaDB that starts deletes the
        // temporary tables of all others.
        let temporary = folder.appending(path: "mariadb-tmp")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        let isNew = !FileManager.default.fileExists(atPath: data.appending(path: "mysql").path())
        if isNew, let model {
            try FileManager.default.copyItem(at: model, to: data)
        } else {
            try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        }
        if user != NSUserName() {
            for path in [folder, data, temporary].map({ $0.path() }) {
                try FileManager.default.setAttributes([.ownerAccountName: user], ofItemAtPath: path)
            }
        }
        if isNew, !isJoining, model == nil { try Self.createData(at: data, temporary: temporary, user: user) }
        let network = port.map { ["--port=\($0)", "--bind-address=127.0.0.1"] } ?? ["--skip-networking"]
        running.process = try ChildProcess(
            "mariadbd",
            [
                "--no-defaults", "--datadir=\(data.path())", "--tmpdir=\(temporary.path())", "--socket=\(socket)",
                "--pid-file=\(folder.appending(path: "mariadb.pid").path())",
                "--user=\(user)", "--innodb-buffer-pool-size=64M", "--max-connections=400",
            ] + network + options + more, environment: environment,
            log: folder.appending(path: "mariadb.log"))
        for _ in 0..<600 {
            if (try? query("SELECT 1")) != nil {
                if !isJoining {
                    try query(
                        "CREATE DATABASE IF NOT EXISTS consulate CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
                }
                return
            }
            guard running.process?.isRunning == true else { break }
            usleep(50_000)
        }
        throw StackError("MariaDB does not start: \(folder.path())/mariadb.log says why.")
    }

    /// Creates the data of a new server.
    package static func createData(at data: URL, temporary: URL, user: String = NSUserName()) throws {
        try ChildProcess.run(
            "mariadb-install-db",
            [
                "--no-defaults", "--datadir=\(data.path())", "--tmpdir=\(temporary.path())",
                "--auth-root-authentication-method=normal",
                "--skip-test-db", "--user=\(user)",
            ])
    }

    /// The process id of the server while the server runs.
    package var id: Int32? { running.process?.id }

    /// Runs SQL as the server's administrator and returns the client's output.
    @discardableResult
    package func query(_ sql: String, database: String = "") throws -> String {
        try ChildProcess.run(
            "mariadb",
            ["--no-defaults", "--socket=\(socket)", "--user=root", "--batch", "--skip-column-names", database],
            input: sql)
    }

    /// Ends the server.
    package func stop() {
        running.process?.end()
    }

    /// Ends the server as a power cut would.
    package func kill() {
        running.process?.signal(SIGKILL)
        running.process?.wait()
    }

    /// Stops the server from running without ending it.
    package func freeze() {
        running.process?.freeze()
    }

    /// Lets the server continue.
    package func thaw() {
        running.process?.signal(SIGCONT)
    }
}

final class Running: @unchecked Sendable {
    private let lock = NSLock()
    private var current: ChildProcess?

    var process: ChildProcess? {
        get { lock.withLock { current } }
        set { lock.withLock { current = newValue } }
    }
}
