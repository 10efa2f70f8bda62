import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// Resources that must not grow with the number of requests.
@Suite struct `Leaks` {
    /// A MariaDB for this test only, so that its counts are the counts of this test.
    private let mariaDB = Folder.startMariaDB("leaks")
    private let stack: Stack

    init() {
        stack = Stack.start("leaks", settings: ["WORKERS": "4"], on: mariaDB)
    }

    private func status(_ name: String) throws -> Int {
        Int(try mariaDB.query("SHOW GLOBAL STATUS LIKE '\(name)'").split { $0 == "\t" || $0 == "\n" }.last ?? "") ?? -1
    }

    @Test func `a hundred thousand requests leave no statement, no connection and no memory behind`() throws {
        defer {
            stack.stop()
            mariaDB.stop()
        }
        let machine = stack.machine
        let token = stack.tokens(stack.ada, stack.web).access
        let script = stack.folder.appending(path: "costs.lua")
        // Half of the requests issue a token, and half of them check a token. The checks alternate
        // between a valid token and an invalid token.
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
                try status("Prepared_stmt_count"), try status("Threads_connected"),
                Int(try #require(text.firstMatch(of: #/VmRSS:\s+(\d+)/#)).1) ?? 0,
                try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
            )
        }
        try run(20_000)
        let before = try held()
        try run(100_000)
        let after = try held()
        #expect(after.statements == before.statements)
        #expect(after.connections == before.connections)
        // nginx's processes keep their own connections. Their number depends on which process took
        // which request. A leak of one descriptor per connection would be hundreds.
        #expect(after.descriptors <= before.descriptors + 32)
        #expect(after.kilobytes <= before.kilobytes + 2048)
    }
}
