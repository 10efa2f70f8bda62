import DevelopmentStack
import Foundation

/// An nginx that an operator already runs, and which includes the files in `nginx/`.
///
/// The test that starts it also ends it.
package final class ExistingNginx: Sendable {
    private let port = LocalPort.free()
    private let process: ChildProcess

    /// Starts nginx beside a stack, with these lines in its `http { }` and its `server { }`.
    ///
    /// The name must differ from the names of other instances beside the stack.
    package init(_ name: String, beside stack: Stack, http: String = "include consulate/http.conf;", server: String)
        throws
    {
        let folder = stack.folder.appending(path: "nginx")
        let (file, log) = (folder.appending(path: "\(name).conf"), folder.appending(path: "\(name).log"))
        try Data(
            """
            daemon off; pid \(name).pid; error_log \(name).log; \(NSUserName() == "root" ? "user root;" : "")
            events {}
            http {
                access_log off;
                client_body_temp_path \(name)-temp;
                \(http)
                server {
                    listen 127.0.0.1:\(port);
                    \(server)
                }
            }
            """.utf8
        ).write(to: file)
        process = try ChildProcess("nginx", ["-p", folder.path(), "-c", file.path(), "-e", log.path()], log: log)
        guard LocalPort.waits(for: port) else {
            throw StackError((try? String(contentsOf: log, encoding: .utf8)) ?? "no log")
        }
    }

    /// Ends nginx.
    package func end() { process.end() }

    /// Returns a caller without cookies, like curl.
    package func consumer(bearer: String? = nil) -> Consumer { Consumer(port, bearer: bearer) }
}
