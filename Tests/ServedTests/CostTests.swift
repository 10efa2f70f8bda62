import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// What a request costs, counted by MariaDB and the kernel; nothing here is timed.
@Suite(.serialized) struct `Costs` {
    /// A MariaDB that serves nobody else, so that what it counts is ours.
    private static let mariaDB: PrivateMariaDB = {
        let folder = Folder.root.appending(path: "costs")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mariaDB = PrivateMariaDB(in: folder, options: ["--innodb-flush-log-at-trx-commit=0"])
        do { try mariaDB.start() } catch { fatalError("\(error)") }
        Folder.register(mariaDB)
        return mariaDB
    }()
    private static let stack = Stack.start("costs", settings: ["WORKERS": "4"], on: mariaDB)

    private var stack: Stack { Self.stack }

    private func status(_ name: String) throws -> Int {
        Int(try Self.mariaDB.query("SHOW GLOBAL STATUS LIKE '\(name)'").split { $0 == "\t" || $0 == "\n" }.last ?? "") ?? -1
    }

    // MARK: Statements

    /// How many statements a request takes.
    private func statements(_ request: () -> Answer) throws -> Int {
        let before = try status("Com_stmt_execute")
        #expect((200..<300).contains(request().status))
        return try status("Com_stmt_execute") - before
    }

    private func check(_ token: String) -> Answer { Consumer(stack.directPort, bearer: token).get("/oauth/verify") }

    @Test func `a bearer check is one statement`() throws {
        let tokens = stack.tokens(stack.ada, stack.web)
        for _ in 0..<3 { #expect(try statements { check(tokens.access) } == 1) }
    }

    @Test func `client credentials are two statements`() throws {
        let machine = stack.machine
        let form: Form = ["grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? ""]
        #expect(try statements { stack.token(form) } == 2)
    }

    @Test func `a code exchange is three statements: client, code, and the transaction`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let form = stack.redemption(stack.code(ada, web), web)
        #expect(try statements { stack.token(form) } == 3)
    }

    @Test func `a refresh is three statements: client, token, and the transaction`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let form = stack.refreshment(stack.tokens(ada, web).refresh, web)
        #expect(try statements { stack.token(form) } == 3)
    }

    // MARK: What must not grow

    @Test func `a hundred thousand requests leave no statement, no connection and no memory behind`() throws {
        let machine = stack.machine
        let token = stack.tokens(stack.ada, stack.web).access
        let script = stack.folder.appending(path: "costs.lua")
        // Half of them issue a token and half are checks; the tokens that are checked take turns with one that is worth nothing.
        let form = "grant_type=client_credentials&client_id=\(machine.id)&client_secret=\(machine.secret ?? "")"
        try Data(
            """
            local count = 0
            function request()
                count = count + 1
                if count % 2 == 0 then return wrk.format("POST", "/oauth/token", {["Content-Type"] = "application/x-www-form-urlencoded"}, "\(form)") end
                local token = count % 4 == 1 and "\(token)" or "worth-nothing-" .. count
                return wrk.format("GET", "/oauth/verify", {["Authorization"] = "Bearer " .. token})
            end
            """.utf8
        ).write(to: script)
        func run(_ requests: Int) throws {
            var done = 0
            while done < requests {
                let output = try ChildProcess.run(
                    "wrk", ["-t1", "-c8", "-d2s", "-s", script.path(), "http://127.0.0.1:\(stack.directPort)/"])
                let line = try #require(output.firstMatch(of: #/(\d+) requests in/#))
                #expect(!output.contains("Socket errors"), "\(output)")
                done += Int(line.1) ?? 0
            }
        }
        func held() throws -> (statements: Int, connections: Int, kilobytes: Int, descriptors: Int) {
            let process = stack.responders[0].id
            let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            return (
                try status("Prepared_stmt_count"), try status("Threads_connected"), Int(try #require(text.firstMatch(of: #/VmRSS:\s+(\d+)/#)).1) ?? 0,
                try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
            )
        }
        try run(20_000)
        let before = try held()
        try run(100_000)
        let after = try held()
        #expect(after.statements == before.statements)
        #expect(after.connections == before.connections)
        #expect(after.descriptors <= before.descriptors + 8, "connections of nginx come and go")
        #expect(after.kilobytes <= before.kilobytes + 2048)
    }
}
