import DevelopmentStack
import Foundation

/// Another authorization server, behind the same nginx and on the same MariaDB.
struct Peer {
    static let client = BenchmarkClient(id: "machine", secret: "secret-of-the-machine")

    let name: String
    /// The port of nginx for this server.
    let port: Int
    let processes: [Int32]
    /// The load that asks the server for a token by client_credentials.
    let issue: Load
    /// The number of tokens that Consulate must issue while this server issues one token.
    var target: Double?
    /// Returns a load for each way in which the server can check the tokens of a file.
    let checks: @Sendable (URL) -> [(name: String, load: Load)]

    /// Returns a server { } of nginx that passes every request on to a port.
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
