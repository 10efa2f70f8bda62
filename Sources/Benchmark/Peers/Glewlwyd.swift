import Crypto
import DevelopmentStack
import Foundation
import HTTP

/// Glewlwyd, a server in C, from the Debian package that `.ci/install` has unpacked.
struct Glewlwyd {
    private let package: URL
    private let home: URL
    private let port = LocalPort.free()

    private init(package: URL, home: URL) {
        self.package = package
        self.home = home
    }

    /// Starts the server with its own database, ES256 and one client.
    static func start(
        from peers: URL, in home: URL, on mariaDB: PrivateMariaDB, nginxPort: Int, _ started: Started
    ) throws -> (Peer, server: String) {
        let server = Glewlwyd(package: peers.appending(path: "glewlwyd/usr"), home: home)
        try server.fillDatabase(mariaDB)
        let configuration = home.appending(path: "glewlwyd.conf")
        try Data(server.configuration.utf8).write(to: configuration)
        let process = try ChildProcess(
            server.package.appending(path: "bin/glewlwyd").path(), ["-c", configuration.path()],
            environment: ["MYSQL_UNIX_PORT": mariaDB.socket],
            log: home.appending(path: "glewlwyd.log"))
        _ = started.add(process)
        guard LocalPort.waits(for: server.port) else {
            throw StackError("Glewlwyd does not start: \(home.path())glewlwyd.log says why.")
        }
        try server.configure()
        let peer = Peer(
            name: "Glewlwyd", port: nginxPort, processes: [process.id],
            issue: .form("grant_type=client_credentials&scope=place-orders", to: "/api/bench/token", by: Peer.client),
            target: 15,
            checks: { [("introspection", .introspection("/api/bench/introspect", $0, by: Peer.client))] })
        return (peer, Peer.server(port: nginxPort, behind: server.port))
    }

    private func fillDatabase(_ mariaDB: PrivateMariaDB) throws {
        try mariaDB.query("CREATE DATABASE glewlwyd")
        let tables = package.appending(path: "share/dbconfig-common/data/glewlwyd/install/mysql")
        try mariaDB.query(String(contentsOf: tables, encoding: .utf8), database: "glewlwyd")
    }

    private var configuration: String {
        let modules = [
            ("user_module", "user"), ("client_module", "client"), ("user_auth_scheme_module", "scheme"),
            ("plugin_module", "plugin"),
        ]
        let paths = modules.map { "\($0.0)_path=\"\(package.appending(path: "lib/glewlwyd/\($0.1)").path())\"" }
        return """
            port=\(port)
            bind_address="127.0.0.1"
            external_url="http://127.0.0.1:\(port)"
            login_url="login.html"
            api_prefix="api"
            log_mode="console"
            log_level="ERROR"
            admin_scope="g_admin"
            profile_scope="g_profile"
            hash_algorithm="SHA256"
            \(paths.joined(separator: "\n"))
            database = { type="mariadb" host="localhost" user="root" password="" dbname="glewlwyd" port=0 };

            """
    }

    /// Creates the objects that an administrator would create, as Glewlwyd's own pages do.
    private func configure() throws {
        let key = P256.Signing.PrivateKey()
        try post("auth/", ["username": "admin", "password": "password"])
        try post(
            "scope/",
            [
                "name": "place-orders", "display_name": "Place orders", "description": "Place orders",
                "password_required": false,
            ])
        try post(
            "mod/plugin/",
            [
                "module": "oidc", "name": "bench", "display_name": "Benchmark", "enabled": true,
                "parameters": [
                    "iss": .string("http://127.0.0.1:\(port)"), "jwt-type": "ecdsa", "jwt-key-size": "256",
                    "key": .string(key.pemRepresentation),
                    "cert": .string(key.publicKey.pemRepresentation), "code-duration": 600,
                    "refresh-token-duration": 1_209_600,
                    "access-token-duration": 3600, "allow-non-oidc": true, "auth-type-code-enabled": true,
                    "auth-type-token-enabled": false,
                    "auth-type-id-token-enabled": false, "auth-type-password-enabled": false,
                    "auth-type-client-enabled": true,
                    "auth-type-refresh-enabled": true,
                    "introspection-revocation-allowed": true, "introspection-revocation-allow-target-client": true,
                ],
            ])
        try post(
            "client/",
            [
                "client_id": .string(Peer.client.id), "name": "Machine", "password": .string(Peer.client.secret),
                "confidential": true,
                "enabled": true, "authorization_type": ["client_credentials"], "scope": ["place-orders"],
                "redirect_uri": [],
                "token_endpoint_auth_method": ["client_secret_basic"],
            ])
    }

    private func post(_ path: String, _ document: JSON) throws {
        let cookies = home.appending(path: "glewlwyd.cookies").path()
        try ChildProcess.run(
            "curl",
            [
                "--silent", "--show-error", "--fail", "--cookie", cookies, "--cookie-jar", cookies, "--header",
                "Content-Type: application/json",
                "--data-binary", "@-", "http://127.0.0.1:\(port)/api/\(path)",
            ], input: document.compact)
    }
}
