package import Foundation

/// A private nginx, with the configuration of `nginx/`.
package final class PrivateNginx: Sendable {
    private let folder: URL
    private let running = Running()

    /// Writes the configuration into a folder.
    ///
    /// `port` is the port to listen on, and `responders` are the responders' sockets. `limit`
    /// replaces the configuration's limits of requests per second. `additions` is further text for
    /// the `http { }`.
    package init(in folder: URL, port: Int, responders: [String], limit: String? = nil, additions: String = "") throws {
        self.folder = folder
        let parts = folder.appending(path: "consulate")
        for directory in [parts, folder.appending(path: "temp")] {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        }
        for file in EmbeddedFiles.all {
            var text = file.text
                .replacing("listen 127.0.0.1:8080;", with: "listen 127.0.0.1:\(port);")
                .replacing(
                    "    server unix:/run/consulate/consulate.sock max_fails=0;",
                    with: responders.map { "    server \($0) max_fails=0;" }.joined(separator: "\n"))
            if let limit { text = text.replacing(#/rate=[0-9]+r\/[ms]/#, with: "rate=\(limit)") }
            if file.name == "nginx.conf" {
                // The user who starts nginx must reach the sockets, so the workers run as the same
                // user.
                if NSUserName() == "root" { text = "user root;\n" + text }
                if let end = text.lastIndex(of: "}") { text.insert(contentsOf: additions, at: end) }
                try Data(text.utf8).write(to: folder.appending(path: file.name))
            } else {
                try Data(text.utf8).write(to: parts.appending(path: file.name))
            }
        }
    }

    /// The files of `nginx/` by name.
    package static let files = Dictionary(uniqueKeysWithValues: EmbeddedFiles.all.map { ($0.name, $0.text) })

    /// Returns the version that a file of the configuration carries, or 0 for an older file.
    package static func version(of text: some StringProtocol) -> Int {
        let first = String(text.prefix { $0 != "\n" })
        return first.firstMatch(of: #/^# Version (\d+) /#).flatMap { Int($0.1) } ?? 0
    }

    /// Returns a `server { }` that passes every request to one responder, for `additions`.
    ///
    /// It passes requests to the responder as `large.conf` does to Consulate. It also passes
    /// `GET /oauth/verify`, for any token.
    package static func server(port: Int, socket: String) -> String {
        let configuration = ["pass.conf", "large.conf"].compactMap { name in
            EmbeddedFiles.all.first { $0.name == name }?.text
        }.joined()
            .replacing("include consulate/pass.conf;", with: "fastcgi_param REQUIRED_SCOPE \"\";")
        return """
            upstream responder_\(port) {
                server unix:\(socket);
                keepalive 64;
            }
            server {
                listen 127.0.0.1:\(port);
                location / {
            \(configuration.replacing("fastcgi_pass consulate;", with: "fastcgi_pass responder_\(port);"))
                }
            }

            """
    }

    /// The process ids of the workers, which answer requests.
    package var workers: [Int32] { running.process?.children ?? [] }

    /// Starts nginx.
    package func start() throws {
        try ChildProcess.run("nginx", ["-p", folder.path(), "-c", "nginx.conf", "-e", "error.log", "-t"])
        running.process = try ChildProcess(
            "nginx", ["-p", folder.path(), "-c", "nginx.conf", "-e", "error.log"],
            log: folder.appending(path: "nginx.log"))
    }

    /// Makes nginx read its configuration again.
    package func reload() {
        running.process?.signal(SIGHUP)
    }

    /// Ends nginx.
    package func stop() {
        running.process?.end()
    }
}
