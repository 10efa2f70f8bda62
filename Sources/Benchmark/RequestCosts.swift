import DevelopmentStack
import Foundation
import Glibc

/// The costs of the most expensive request that each route accepts.
///
/// A cost is the ratio of the processor time to that of `GET /up`, without password hashing.
struct RequestCosts {
    /// The highest allowed costs: of a request without a credential, and with a credential.
    static let (limit, limitWithCredential) = (20.0, 100.0)
    /// The factor by which a bearer check may be slower than usual while ten expensive requests a
    /// second arrive.
    static let slowdown = 5.0

    let stack: BenchmarkStack
    let started: Started
    /// The text that a case must have in its name to be measured.
    let only: String

    /// One request in Lua.
    struct Case {
        let name: String
        let load: Load
        var hasCredential = false
    }

    /// Measures every case and returns the lines of the report.
    func run() throws -> [(name: String, figure: Double, text: String)] {
        let wrk = Wrk(folder: stack.home, connections: 8)
        let visitor = try Visitor(stack.instances[0], stack)
        try visitor.fill()
        var notes: [(name: String, figure: Double, text: String)] = []
        for request in anonymous() + visitor.cases() where only.isEmpty || request.name.contains(only) {
            let before = try microseconds(.get("/up"), wrk)
            let cost = try microseconds(request.load, wrk)
            let after = try microseconds(.get("/up"), wrk)
            let ratio = cost.total / ((before.total + after.total) / 2)
            let most = request.hasCredential ? Self.limitWithCredential : Self.limit
            let text = String(
                format: "%@: %.0f µs (responder %.0f, MariaDB %.0f), %.1f × GET /up; %.0f at most is the target: %@",
                request.name, cost.total,
                cost.responder, cost.mariaDB, ratio, most, ratio <= most ? "met" : "not met")
            FileHandle.standardError.write(Data((text + "\n").utf8))
            notes.append(("cost \(request.name)", ratio, text))
        }
        return notes + (only.isEmpty ? [try checkUnderFire(visitor)] : [])
    }

    /// Returns the processor time that one request costs nginx, the responder and MariaDB.
    private func microseconds(_ load: Load, _ wrk: Wrk) throws -> (responder: Double, mariaDB: Double, total: Double) {
        let instance = stack.instances[0]
        let processes = [[instance.process], [stack.mariaDB.id ?? 0], stack.nginx.workers]
        let before = processes.map(Kernel.processorSeconds)
        let sample = try wrk.run(load, port: instance.port, seconds: 1, acceptingRefusals: true)
        let used = zip(processes.map(Kernel.processorSeconds), before).map { ($0 - $1) / sample.requests * 1e6 }
        return (used[0], used[1], used.reduce(0, +))
    }

    // MARK: - Without a credential

    private static let form = #"["Content-Type"] = "application/x-www-form-urlencoded""#
    private static let page = #"["Accept"] = "text/html""#
    /// 200 pairs in 16 KB, in which every byte must be decoded.
    private static let pairs = #"("n" .. ("%41"):rep(26) .. "=1&"):rep(199)"#

    private func anonymous() -> [Case] {
        func post(_ name: String, _ path: String, _ fields: String, _ body: String) -> Case {
            Case(name: name, load: Load(path: path, request: "\"POST\", nil, {\(fields)}, \(body)"))
        }
        let json =
            #"'{' .. ('"n": "\\u0041\\u0042\\u0043\\u0044\\u0045\\u0046\\u0047\\u0048\\u0049\\u004a",'):rep(199) .. '"z":1}'"#
        let parts = #"('--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n123456789\r\n'):rep(199) .. '--b--'"#
        let redirect = #"("redirect_uri=https%3A%2F%2Fa.example%2F" .. ("%41"):rep(2000))"#
        let authorize =
            "/oauth/authorize?client_id=\(stack.instances[0].web.id)&response_type=code&state="
            + String(repeating: "x", count: 3900)
        let returnTo = authorize.replacing("&", with: "%26").replacing("?", with: "%3F").replacing("=", with: "%3D")
            .replacing("/", with: "%2F")
        return [
            post("POST /nowhere, form", "/oauth/nowhere", Self.form, Self.pairs),
            post("POST /nowhere, page", "/oauth/nowhere", Self.form + ", " + Self.page, Self.pairs),
            post("POST /oauth/token, form", "/oauth/token", Self.form, Self.pairs),
            post("POST /oauth/token, JSON", "/oauth/token", #"["Content-Type"] = "application/json""#, json),
            post(
                "POST /oauth/token, multipart", "/oauth/token",
                #"["Content-Type"] = "multipart/form-data; boundary=b""#, parts),
            post(
                "POST /oauth/token, two names", "/oauth/token", Self.form,
                #""grant_type=authorization_code&client_id=x&" .. "# + redirect),
            post("POST /api/login, form", "/api/login", Self.form, Self.pairs),
            post(
                "POST /api/login, long fields", "/api/login", Self.form,
                #""email=" .. ("%C3%A4"):rep(500) .. "&password=""#),
            post(
                "POST /api/users, wrong fields", "/api/users", Self.form,
                #""name=" .. ("%E2%80%8D"):rep(300) .. "&email=a@" .. ("%C3%A4."):rep(60) .. "&password=" .. ("%C3%A4"):rep(30)"#
            ),
            post("POST /logout, form", "/logout", Self.form, Self.pairs),
            post(
                "POST /login, page", "/login", Self.form + ", " + Self.page,
                "\"return_to=\(returnTo)&\" .. " + Self.pairs),
            post("POST /oauth/authorize, form", "/oauth/authorize", Self.form, Self.pairs),
            Case(
                name: "GET /login, page for a client",
                load: Load(path: "/login?return_to=" + returnTo, request: #""GET", nil, {\#(Self.page)}, nil"#)),
            Case(
                name: "GET /register, page",
                load: Load(path: "/register", request: #""GET", nil, {\#(Self.page)}, nil"#)),
            Case(
                name: "GET /oauth/authorize, page",
                load: Load(path: authorize, request: #""GET", nil, {\#(Self.page)}, nil"#)),
            Case(name: "GET /docs", load: .get("/docs")),
            Case(
                name: "GET, an Accept of 1,000 bytes",
                load: Load(path: "/account", request: #""GET", nil, {["Accept"] = ("a/b;q=0.1,"):rep(100)}, nil"#)),
        ]
    }

    // MARK: - While others check tokens

    private func checkUnderFire(_ visitor: Visitor) throws -> (name: String, figure: Double, text: String) {
        let port = stack.instances[0].port
        let wrk = Wrk(folder: stack.home, connections: 2)
        let check = Load.bearer("/oauth/verify", visitor.tokens)
        let quiet = try wrk.run(check, port: port, seconds: 3).p50
        let body = Array(repeating: "n\(String(repeating: "%41", count: 26))=1", count: 199).joined(separator: "&")
        let requests = ["/logout", "/api/login", "/oauth/token", "/oauth/nowhere"].map {
            "POST \($0) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        let fire = Fire(requests, port: port)
        defer { fire.end() }
        let loud = try wrk.run(check, port: port, seconds: 5).p50
        let ratio = loud / quiet
        let text = String(
            format:
                "The p50 of a bearer check is %.2f ms, and %.2f ms while ten such forms a second arrive: %.1f ×; %.0f at most is the target: %@",
            quiet, loud, ratio, Self.slowdown, ratio <= Self.slowdown ? "met" : "not met")
        FileHandle.standardError.write(Data((text + "\n").utf8))
        return ("check_under_fire", ratio, text)
    }
}

/// A thread that sends ten requests a second to a port of this machine.
///
/// The thread ends when `end` is called, and after one minute at the latest.
private final class Fire: @unchecked Sendable {
    private let lock = NSLock()
    private var isOver = false

    init(_ requests: [String], port: Int) {
        Foundation.Thread.detachNewThread { [self] in
            for number in 0..<600 {
                if lock.withLock({ isOver }) { return }
                Self.send(Array(requests[number % requests.count].utf8), port)
                usleep(100_000)
            }
        }
    }

    func end() { lock.withLock { isOver = true } }

    private static func send(_ bytes: [UInt8], _ port: Int) {
        guard let connection = LocalPort.connect(to: port) else { return }
        defer { close(connection) }
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }
}
