public import Foundation

/// An nginx of our own, with the configuration of `nginx/`.
public final class PrivateNginx: Sendable {
    private let folder: URL
    private let running = Running()

    /// Writes the configuration into a folder: the port to listen on, the responders' sockets, and requests a second that replace its limits.
    public init(in folder: URL, port: Int, responders: [String], limit: String? = nil) throws {
        self.folder = folder
        let parts = folder.appending(path: "consulate")
        for directory in [parts, folder.appending(path: "temp")] {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        }
        for file in EmbeddedFiles.all {
            var text = file.text
                .replacing("listen 127.0.0.1:8080;", with: "listen 127.0.0.1:\(port);")
                .replacing("    server unix:/run/consulate/consulate.sock;", with: responders.map { "    server \($0);" }.joined(separator: "\n"))
            if let limit { text = text.replacing(#/rate=[0-9]+r\/[ms]/#, with: "rate=\(limit)") }
            if file.name == "nginx.conf" {
                // Whoever starts it must reach the sockets, so its workers are the same user.
                if NSUserName() == "root" { text = "user root;\n" + text }
                try Data(text.utf8).write(to: folder.appending(path: file.name))
            } else {
                try Data(text.utf8).write(to: parts.appending(path: file.name))
            }
        }
    }

    /// Starts it.
    public func start() throws {
        try ChildProcess.run("nginx", ["-p", folder.path(), "-c", "nginx.conf", "-e", "error.log", "-t"])
        running.process = try ChildProcess(
            "nginx", ["-p", folder.path(), "-c", "nginx.conf", "-e", "error.log"], log: folder.appending(path: "nginx.log"))
    }

    /// Ends it.
    public func stop() {
        running.process?.end()
    }
}
