import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// Three nodes of MariaDB Galera, with a responder on each node and one nginx in front.
///
/// `make test-galera` runs these tests. `.build/galera.md` has the figures of the last run.
@Suite(.serialized) struct `Three nodes` {
    private static let figures = Figures("galera.md")
    private static let cluster: Cluster = {
        do {
            return try Cluster(in: Folder.root.appending(path: "three"))
        } catch {
            fatalError("the cluster does not start: \(error)")
        }
    }()
    private static let stack = Stack.start(
        "three", settings: ["DB_READ_TIMEOUT": "3", "DB_CONNECT_TIMEOUT": "1", "REFRESH_OVERLAP": "300"],
        cluster: cluster)

    private var cluster: Cluster { Self.cluster }
    private var stack: Stack { Self.stack }

    @discardableResult
    private func account(_ name: String, for fault: () throws -> Void) throws -> Load.Account {
        let account = try Load(on: stack).account(for: fault)
        Self.figures.add(name, account)
        #expect(account.violations.isEmpty, "\(name): \(account.violations)")
        #expect(account.failures.keys.allSatisfy { ["503 Retry-After"].contains($0) }, "\(name): \(account.failures)")
        return account
    }

    private func server(_ node: Int, database: String = "three") -> DatabaseServer {
        let port = UInt32(cluster.nodes[node].port ?? 0)
        return DatabaseServer(
            hosts: [.init("127.0.0.1", port: port)], database: database, username: "consulate", password: "a password")
    }

    @Test func `migrations that three nodes apply at the same time are applied once`() throws {
        try cluster.nodes[0].query("CREATE DATABASE migrated CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        let environments = cluster.hosts.map { host in
            stack.environment.merging(["DB_DATABASE": "migrated", "DB_HOST": host]) { _, own in own }
        }
        let migrators = try environments.enumerated().map { index, environment in
            try ChildProcess(
                Folder.program, ["migrate", "--env", stack.folder.appending(path: "env").path()],
                environment: environment,
                log: stack.folder.appending(path: "migrate\(index).log"))
        }
        for migrator in migrators {
            migrator.wait()
            #expect(migrator.status == 0)
        }
        let logs = try migrators.indices.map {
            try String(contentsOf: stack.folder.appending(path: "migrate\($0).log"), encoding: .utf8)
        }
        let applied = logs.joined().split(separator: "\n").filter { $0.hasPrefix("applying ") }
        #expect(applied.count == Set(applied).count && applied.count >= 24, "\(logs)")
        for node in 0..<3 {
            let rows = try Connection(to: server(node, database: "migrated")).row(
                "SELECT COUNT(*) AS n FROM oauth_clients WHERE internal IS NOT NULL")
            #expect(try rows?.integer("n") == 2)
        }
    }

    @Test func `a token of one node is valid at the next node at once, and its row is there`() throws {
        let machine = stack.machine
        let (ada, web) = (stack.ada, stack.web)
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        for _ in 0..<100 {
            let answer = stack.token(form)
            #expect(answer.status == 200)
            let id = claims(answer.json?["access_token"]?.text ?? "")?["jti"]?.text ?? ""
            for node in 0..<3 {
                #expect(
                    try Connection(to: server(node)).row("SELECT id FROM oauth_access_tokens WHERE id = ?", id) != nil)
            }
        }
        var refresh = stack.tokens(ada, web).refresh
        for _ in 0..<60 {
            let answer = stack.token(stack.refreshment(refresh, web))
            #expect(stack.bearerStatus(answer.json?["access_token"]?.text ?? "") == 404)
            refresh = answer.json?["refresh_token"]?.text ?? ""
        }
    }

    @Test func `a code or a refresh token that reaches three nodes at the same time is used once`() throws {
        for _ in 0..<5 {
            let (ada, web) = (stack.ada, stack.web)
            let redemption = stack.consumer().request(
                "POST", "/oauth/token", .form(stack.redemption(stack.code(ada, web), web)))
            let answers = Wire.send(Array(repeating: redemption, count: 30), to: stack.port)
            #expect(answers.filter { $0?.status == 200 }.count <= 1)
            #expect(answers.allSatisfy { [200, 400].contains($0?.status) }, "\(answers.compactMap { $0?.status })")
            let refresh = stack.tokens(ada, web).refresh
            let refreshment = stack.consumer().request("POST", "/oauth/token", .form(stack.refreshment(refresh, web)))
            let refreshed = Wire.send(Array(repeating: refreshment, count: 30), to: stack.port)
            #expect(refreshed.allSatisfy { $0?.status == 200 }, "\(refreshed.compactMap { $0?.status })")
            #expect(Set(refreshed.map { $0?.json?["refresh_token"]?.text }).count == 1)
        }
    }

    @Test func `sign-ins with the old password leave no token if another node changes the password`() throws {
        for _ in 0..<20 {
            let ada = stack.ada
            let script = stack.script(of: ada)
            let login = stack.consumer().request(
                "POST", "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)]))
            let change = script.request(
                "PUT", "/account/password",
                .json(["current_password": .string(ada.password), "password": "another handful of words"]))
            let answers = Wire.send([login, login, change, login], to: stack.port)
            #expect(answers[2]?.status == 204)
            #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_sessions WHERE user_id = ?", ada.id) == 1)
            #expect(
                stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE user_id = ? AND revoked = 0", ada.id)
                    == 0)
        }
    }

    @Test func `requests fail only for a short time when a node is killed and joins again`() throws {
        try account("one of three nodes killed (-9), which joins again after two seconds") {
            cluster.nodes[2].kill()
            sleep(2)
            try cluster.nodes[2].start()
        }
        #expect(cluster.waitForAll())
    }

    @Test func `the minority of a partition answers 503 and issues no token, and the majority continues`() throws {
        let alone = try stack.successor(of: 9, settings: ["DB_HOST": cluster.hosts[1]])
        defer { alone.end() }
        let port = LocalPort.free()
        let nginx = try PrivateNginx(
            in: stack.folder.appending(path: "alone"), port: port,
            responders: ["unix:\(stack.folder.appending(path: "9.sock").path())"],
            limit: "100000r/s")
        try nginx.start()
        defer { nginx.stop() }
        #expect(LocalPort.waits(for: port))
        let machine = stack.machine
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        func minority() -> Answer { Consumer(port).post("/oauth/token", .form(form)) }
        for _ in 0..<100 where minority().status != 200 { usleep(100_000) }
        #expect(minority().status == 200)
        try account("one of three nodes cut off for six seconds") {
            try cluster.nodes[1].query("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'")
            for _ in 0..<100 where !cluster.state(1).contains("non-Primary") { usleep(50_000) }
            #expect(cluster.state(1).contains("non-Primary"))
            for _ in 0..<10 {
                let answer = minority()
                #expect(
                    answer.status == 503 && answer["Retry-After"] != nil
                        && answer.json?["error"] == "temporarily_unavailable", "\(answer.text)")
                usleep(200_000)
            }
            sleep(2)
            try cluster.nodes[1].query("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'")
        }
        #expect(cluster.waitForAll())
        for _ in 0..<100 where minority().status != 200 { usleep(100_000) }
        #expect(minority().status == 200, "the minority is part of the whole again")
    }

    @Test func `a SELECT that waits for the commits of other nodes takes longer`() throws {
        let connection = Connection(to: server(0))
        func time(_ setting: SQL) throws -> Duration {
            try connection.execute(setting)
            return try ContinuousClock().measure {
                for _ in 0..<1000 { _ = try connection.row("SELECT id FROM oauth_clients WHERE id = ?", "nobody") }
            }
        }
        let pairs = try (0..<5).map { _ in
            (try time("SET SESSION wsrep_sync_wait = 1"), try time("SET SESSION wsrep_sync_wait = 0"))
        }
        let (with, without) = (pairs.map(\.0).min() ?? .zero, pairs.map(\.1).min() ?? .zero)
        print("a SELECT that waits for the others' commits takes \(with / 1000), one that does not \(without / 1000)")
        #expect(with > without)
    }
}
