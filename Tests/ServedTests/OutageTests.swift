import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// Outages of the database, and responders that start and stop.
@Suite struct `Outages` {
    @Test func `a running responder answers 503 while MariaDB is stopped, and works after MariaDB starts`() throws {
        let folder = Folder.root.appending(path: "outage")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mariaDB = PrivateMariaDB(in: folder)
        try mariaDB.start()
        Folder.register(mariaDB)
        let stack = Stack.start("outage", settings: ["DB_READ_TIMEOUT": "1", "DB_CONNECT_TIMEOUT": "1"], on: mariaDB)
        let (ada, web, machine) = (stack.ada, stack.web, stack.machine)
        let token = stack.tokens(ada, web).access
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        for _ in 0..<20 { #expect(stack.token(form).status == 200) }

        mariaDB.stop()
        for _ in 0..<10 {
            let up = stack.consumer().get("/up")
            #expect(up.status == 503)
            #expect(up.text == #"{"message":"Service Unavailable","status":503}"#)
            #expect(Int(up["Retry-After"] ?? "") != nil)
            #expect(stack.bearerStatus(token) == 503)
            let issued = stack.token(form)
            #expect(issued.status == 503)
            #expect(issued.json?["error"] == "temporarily_unavailable")
            #expect(issued["Retry-After"] != nil)
        }
        let page = stack.browser().get("/up")
        #expect(page.status == 503)
        #expect(page["Content-Type"] == "text/html; charset=utf-8")

        try mariaDB.start()
        usleep(600_000)
        for _ in 0..<30 {
            #expect(stack.consumer().get("/up").status == 200)
            #expect(stack.token(form).status == 200)
            #expect(stack.bearerStatus(token) == 404)
        }

        mariaDB.freeze()
        let frozen = stack.consumer().get("/up")
        #expect(frozen.status == 503)
        mariaDB.thaw()
        usleep(600_000)
        #expect(stack.consumer().get("/up").status == 200)
        stack.stop()
    }

    @Test func `SIGTERM to one of two responders under load loses no request, and the responder exits with 0`() {
        // The grace time is longer than nginx keeps a connection, because the requests below can be
        // slow on a busy machine.
        let stack = Stack.start("drain", settings: ["GRACE_TIME": "30"], responders: 2)
        defer { stack.stop() }
        let machine = stack.machine
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        let request = stack.consumer().request("POST", "/oauth/token", .form(form))
        var statuses: [Int] = []
        for round in 0..<20 {
            if round == 5 { stack.responders[0].signal(SIGTERM) }
            statuses += Wire.send(Array(repeating: request, count: 25), to: stack.port).map { $0?.status ?? 0 }
        }
        #expect(statuses.count == 500)
        #expect(statuses.allSatisfy { $0 == 200 }, "\(statuses.filter { $0 != 200 })")
        for _ in 0..<2000 where stack.responders[0].isRunning { usleep(20_000) }
        #expect(!stack.responders[0].isRunning)
        #expect(stack.responders[0].status == 0)
    }

    @Test func `SIGTERM ends a responder in an orderly way as soon as its socket exists`() throws {
        let socket = Stack.shared.folder.appending(path: "early.sock")
        for _ in 0..<10 {
            let early = try ChildProcess(
                Folder.program, ["serve", "--env", Stack.shared.folder.appending(path: "env").path()],
                environment: Stack.shared.environment.merging(["LISTEN": "unix:\(socket.path())"]) { _, new in new },
                log: Stack.shared.folder.appending(path: "early.log"))
            while !FileManager.default.fileExists(atPath: socket.path()), early.isRunning {}
            early.end()
            #expect(early.status == 0)
            try? FileManager.default.removeItem(at: socket)
        }
    }

    @Test func `the listening socket may be a TCP address, or descriptor 0`() throws {
        let stack = Stack.start("listening")
        defer { stack.stop() }
        let port = LocalPort.free()
        let environment = stack.environment.merging(["LISTEN": "127.0.0.1:\(port)"]) { _, new in new }
        let log = stack.folder.appending(path: "tcp.log")
        let tcp = try ChildProcess(
            Folder.program, ["serve", "--env", stack.folder.appending(path: "env").path()], environment: environment,
            log: log)
        #expect(LocalPort.waits(for: port))
        tcp.end()
        #expect(tcp.status == 0)
        let inherited = try ChildProcess.output(
            "python3",
            [
                "-c", Self.inheritance, Folder.program, stack.folder.appending(path: "env").path(),
                stack.folder.appending(path: "inherited.sock").path(),
            ],
            environment: stack.environment.merging(["LISTEN": "inherited"]) { _, new in new })
        #expect(inherited.output.contains("200 OK"), "\(inherited)")
        #expect(inherited.output.contains("exit 0"), "\(inherited)")
    }

    /// A program that passes a listening socket to the responder as descriptor 0, as systemd does.
    ///
    /// Then it speaks FastCGI to the responder.
    private static let inheritance = """
        import os, signal, socket, struct, subprocess, sys
        program, env, path = sys.argv[1:]
        server = socket.socket(socket.AF_UNIX)
        server.bind(path)
        server.listen(64)
        child = subprocess.Popen([program, 'serve', '--env', env], stdin=server.fileno())
        def record(kind, content): return struct.pack('>BBHHBB', 1, kind, 1, len(content), 0, 0) + content
        def pair(name, value): return bytes([len(name), len(value)]) + name + value
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(20)
        client.connect(path)
        client.sendall(record(1, b'\\0\\1\\0\\0\\0\\0\\0\\0') + record(4, pair(b'REQUEST_METHOD', b'GET') + pair(b'REQUEST_URI', b'/up')) + record(4, b'') + record(5, b''))
        print(client.recv(4096))
        client.close()
        child.send_signal(signal.SIGTERM)
        print('exit', child.wait(20))
        """
}
