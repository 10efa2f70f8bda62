import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

@testable import Console

/// The responder's socket, which only nginx can use.
@Suite struct `The responder's socket` {
    private func mode(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
    }

    @Test func `it is for its user and its group alone`() throws {
        #expect(try mode(Stack.shared.folder.appending(path: "0.sock").path()) == 0o660)
    }

    @Test func `the unit of the guide gives it to the web server's group, in a folder that is closed to others`() throws
    {
        let text = try Guide("nginx/README.md").text
        for line in ["RuntimeDirectoryMode=0750", "Group=www-data", "RuntimeDirectory=consulate"] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
    }

    @Test func `parameters that do not arrive within five seconds end the connection, and hold no worker for good`()
        throws
    {
        let stack = Stack.start("halfsent", settings: ["WORKERS": "3"])
        defer { stack.stop() }
        let path = stack.folder.appending(path: "0.sock").path()
        // The start of a request and the first bytes of its parameters. More bytes arrive slowly.
        let begin: [UInt8] = [1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 4, 0, 1, 0, 200, 0, 0, 14]
        let halves = (0..<12).map { _ in UnixSocket(path) }
        for half in halves { half.write(begin) }
        let answers = Wire.send(Array(repeating: stack.consumer().request("GET", "/up"), count: 20), to: stack.port)
        #expect(answers.allSatisfy { $0?.status == 200 }, "they hold no worker meanwhile")
        var open = halves
        for _ in 0..<120 where !open.isEmpty {
            usleep(100_000)
            open.removeAll { $0.isClosed }
            for half in open { half.write([65]) }
        }
        #expect(open.isEmpty, "\(open.count) are still open after twelve seconds")
        #expect(stack.consumer().get("/up").status == 200)
        #expect(stack.responders[0].isRunning)
    }

    @Test(
        arguments: [
            // A record of the body as the first record, a management record, and the end of the
            // parameters of another request.
            [1, 5, 0, 1, 0, 4, 0, 0, 1, 2, 3, 4], [1, 9, 0, 0, 0, 0, 0, 0],
            [1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 4, 0, 2, 0, 0, 0, 0],
        ] as [[UInt8]])
    func `a record that nginx never sends ends the connection at once`(records: [UInt8]) {
        let connection = UnixSocket(Stack.shared.folder.appending(path: "0.sock").path())
        connection.write(records)
        for _ in 0..<200 where !connection.isClosed { usleep(10_000) }
        #expect(connection.isClosed)
    }

    @Test func `a request that arrives in time is answered on the same kind of connection`() {
        let stack = Stack.shared
        let answers = Wire.send(Array(repeating: stack.consumer().request("GET", "/up"), count: 60), to: stack.port)
        #expect(answers.allSatisfy { $0?.status == 200 })
    }

    // MARK: the doctor

    private func findings(mode: Int, folder: Int = 0o755, nginx: RunningProcess?, others: [RunningProcess] = []) throws
        -> [Doctor.Finding]
    {
        let directory = Folder.root.appending(path: "socket-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let file = directory.appending(path: "x.sock").path()
        try Data().write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        try FileManager.default.setAttributes([.posixPermissions: folder], ofItemAtPath: directory.path())
        return SocketExamination(file, processes: [nginx].compactMap(\.self) + others).findings
    }

    private let group = Int(getgid())

    @Test func `doctor names a socket that every local user can use`() throws {
        let nginx = RunningProcess(id: 7, name: "nginx", user: 33, groups: [33, group])
        let open = try findings(mode: 0o666, nginx: nginx)[0]
        #expect(
            open.problem?.contains("every local user can connect") == true
                && open.remedy?.hasPrefix("chmod 660 ") == true)
        #expect(try findings(mode: 0o666, folder: 0o750, nginx: nginx)[0].problem == nil, "its folder is closed")
        #expect(try findings(mode: 0o660, nginx: nginx)[0].problem == nil)
    }

    @Test func `doctor names nginx's workers that may not connect`() throws {
        let stranger = RunningProcess(id: 7, name: "nginx", user: 3_333, groups: [3_333])
        let closed = try findings(mode: 0o660, nginx: stranger)[0]
        #expect(
            closed.problem?.contains("may not connect") == true && closed.remedy?.contains("Group=www-data") == true)
        #expect(try findings(mode: 0o660, nginx: nil)[0].problem == nil)
    }

    @Test func `doctor warns of another service that runs as nginx's user, with the remedy`() throws {
        let nginx = RunningProcess(id: 7, name: "nginx", user: 33, groups: [33, group])
        let pool = RunningProcess(id: 8, name: "php-fpm8.2", user: 33, groups: [33])
        let shared = try findings(mode: 0o660, nginx: nginx, others: [pool])[1]
        #expect(shared.problem?.contains("php-fpm8.2 (process 8) runs as nginx's user") == true)
        #expect(shared.remedy?.contains("listen.group = www-data") == true)
        let other = RunningProcess(id: 9, name: "php-fpm8.2", user: 34, groups: [34])
        #expect(try findings(mode: 0o660, nginx: nginx, others: [other])[1].problem == nil)
    }

    @Test func `a process is read as the kernel describes it`() throws {
        let status =
            "Name:\tphp-fpm8.2\nUmask:\t0022\nState:\tS (sleeping)\nPid:\t8\nUid:\t0\t33\t33\t33\nGid:\t0\t33\t33\t33\nGroups:\t33 44 \n"
        let process = try #require(RunningProcess(id: 8, status: status))
        #expect(process.name == "php-fpm8.2" && process.user == 33 && process.groups == [33, 33, 44])
        #expect(RunningProcess(id: 8, status: "") == nil)
        #expect(RunningProcess.all().contains { $0.id == Int(getpid()) && $0.user == Int(geteuid()) })
    }
}

/// A connection to a unix socket, with exactly the bytes that a test writes.
private final class UnixSocket {
    private let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)

    init(_ path: String) {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
        _ = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Whether the other side has closed the connection.
    var isClosed: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT)) == 0 || errno == ECONNRESET
    }
}
