import DevelopmentStack
import Foundation

/// Another authorization server, behind the same nginx and on the same MariaDB.
struct Peer {
    static let client = BenchmarkClient(id: "machine", secret: "secret-of-the-machine")

    let name: String
    /// The port of nginx that it is reached at.
    let port: Int
    let processes: [Int32]
    /// Asks it for a token by client_credentials.
    let issue: Load
    /// How often Consulate must be able to issue one in the time that it takes.
    var target: Double?
    /// Asks it whether tokens of a file are good, in the ways that it knows.
    let checks: @Sendable (URL) -> [(name: String, load: Load)]

    /// A server { } of nginx that hands everything on to a port.
    static func server(port: Int, behind: Int) -> String {
        """
        upstream peer_\(behind) {
            server 127.0.0.1:\(behind);
            keepalive 64;
        }
        server {
            listen 127.0.0.1:\(port);
            location / {
                proxy_pass http://peer_\(behind);
                proxy_http_version 1.1;
                proxy_set_header Host $http_host;
                proxy_set_header Connection "";
            }
        }

        """
    }
}
