import AuthorizationServer
import Cast
import Cryptography
import Foundation
import HTTP
import Testing

/// Attackers who guess, spoof or smuggle, and attackers who only want to lock out other people.
@Suite struct `Attackers` {
    private let stack = Stack.shared

    // MARK: Guessing

    private func signIn(_ email: String, _ password: String, from address: String) -> Answer? {
        let request = stack.consumer().request(
            "POST", "/api/login", .json(["email": .string(email), "password": .string(password)]))
        return Wire.send(request, to: stack.port, from: address)
    }

    @Test func `guessing from one address does not lock out the user at another address`() {
        let ada = stack.ada
        for _ in 0..<6 { _ = signIn(ada.email, "wrong password", from: "127.0.1.1") }
        #expect(signIn(ada.email, ada.password, from: "127.0.1.1")?.status == 429)
        #expect(signIn(ada.email, ada.password, from: "127.0.1.2")?.status == 200)
    }

    @Test
    func
        `after a hundred failures in an hour only known browsers and networks may try, and no lock-out is permanent`()
        throws
    {
        let ada = stack.ada
        let browser = stack.browser()
        #expect(signIn(ada.email, ada.password, from: "127.0.2.200")?.status == 200)
        #expect(browser.signIn(ada).status == 303)
        for guess in 0..<100 {
            #expect(signIn(ada.email, "wrong password", from: "127.0.2.\(1 + guess / 4)")?.status == 401)
        }
        let stranger = signIn(ada.email, ada.password, from: "127.0.2.100")
        #expect(stranger?.status == 429 && Int(stranger?["Retry-After"] ?? "").map { (1...3600).contains($0) } == true)
        for _ in 0..<4 {
            #expect(signIn(ada.email, "wrong password", from: "127.0.2.200")?.status == 401, "a known network may")
        }
        #expect(signIn(ada.email, ada.password, from: "127.0.2.200")?.status == 200)
        // The browser comes from a network without any sign-in: the row of 127.0.0.1 is deleted.
        try stack.connection().execute(
            "DELETE FROM oauth_known_networks WHERE user_id = ? AND network = '127.0.0.1'", ada.id)
        #expect(signIn(ada.email, ada.password, from: "127.0.0.1")?.status == 429)
        let known = stack.browser()
        known.cookies = browser.cookies.filter { $0.key == "consulate_known" }
        #expect(known.cookies.count == 1 && known.signIn(ada).status == 303, "a known browser may")
        #expect(try stack.console("user", "unlock", ada.email).output.contains("unlocked"))
        #expect(signIn(ada.email, ada.password, from: "127.0.2.101")?.status == 200)
    }

    @Test func `a known browser has ten failures an hour, and a new password makes it unknown`() throws {
        let (ada, browser) = (stack.ada, stack.browser())
        browser.signIn(ada)
        let known = browser.cookies.filter { $0.key == "consulate_known" }
        let connection = stack.connection()
        func attempt(_ password: String) -> Int {
            let visitor = stack.browser()
            visitor.cookies = known
            return visitor.signIn(ada, password: password).status
        }
        for _ in 0..<10 {
            #expect(attempt("wrong password") == 422)
            try connection.execute(
                "DELETE FROM oauth_cache WHERE cache_key = ?",
                stack.storedForm(ofCacheKey: "login:\(ada.email)|127.0.0.1"))
        }
        try connection.execute(
            "UPDATE oauth_cache SET value = 100 WHERE cache_key = ?",
            stack.storedForm(ofCacheKey: "account:\(ada.email)"))
        try connection.execute("DELETE FROM oauth_known_networks WHERE user_id = ?", ada.id)
        #expect(attempt(ada.password) == 429, "its own limit is used up")
    }

    @Test func `no email can be the key of another user's counter`() {
        let ada = stack.ada
        for _ in 0..<6 { _ = signIn("\(ada.email)|127.0.8.8", "wrong password", from: "127.0.8.1") }
        for _ in 0..<5 { #expect(signIn(ada.email, "wrong password", from: "127.0.8.8")?.status == 401) }
        #expect(signIn(ada.email, ada.password, from: "127.0.8.9")?.status == 200)
    }

    @Test func `an account that does not exist is limited like an account that exists`() {
        let nobody = "nobody-\(stack.ada.email)"
        for guess in 0..<100 {
            #expect(signIn(nobody, "wrong password", from: "127.0.3.\(1 + guess / 4)")?.status == 401)
        }
        #expect([429, 429] == [1, 2].map { _ in signIn(nobody, "wrong password", from: "127.0.3.100")?.status })
    }

    @Test func `guessing secrets stores only one row a minute for a client, and one for all unknown clients`()
        throws
    {
        let machine = stack.machine
        let before = stack.count(
            "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = ? AND client_id IS NULL", "client.refused")
        for attempt in 0..<20 {
            for id in [machine.id, "nobody-\(attempt)"] {
                #expect(
                    stack.token(["grant_type": "client_credentials", "client_id": id, "client_secret": "guess"]).status
                        == 401)
            }
        }
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = 'client.refused' AND client_id = ?",
                machine.id) <= 2)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = ? AND client_id IS NULL", "client.refused")
                <= before + 2)
    }

    @Test func `an unknown user takes as long as a wrong password`() throws {
        let slow = Stack.start("slow", settings: ["BCRYPT_ROUNDS": "9"])
        defer { slow.stop() }
        let hash = PasswordHash.bcrypt("another password", cost: 9).text
        // The processor time of the responder, in milliseconds. Other tests run on the same cores,
        // so the time on the clock says less.
        let tasks = "/proc/\(slow.responders[0].id)/task"
        func processorTime() throws -> Double {
            try FileManager.default.contentsOfDirectory(atPath: tasks).reduce(0) { sum, task in
                let fields = try String(contentsOfFile: "\(tasks)/\(task)/schedstat", encoding: .utf8)
                return sum + (Double(fields.split(separator: " ")[0]) ?? 0) / 1_000_000
            }
        }
        func attempt(_ email: String) throws -> Double {
            let before = try processorTime()
            let body: JSON = ["email": .string(email), "password": "wrong password"]
            #expect(slow.consumer().post("/api/login", .json(body)).status == 401)
            return try processorTime() - before
        }
        let pairs = try (0..<40).map { number -> (known: Double, unknown: Double) in
            let ada = slow.ada
            try slow.connection().execute("UPDATE users SET password = ? WHERE id = ?", hash, ada.id)
            let nobody = "nobody-\(number)-\(ada.email)"
            // In turns, so that no order is preferred.
            if number.isMultiple(of: 2) { return (try attempt(ada.email), try attempt(nobody)) }
            let unknown = try attempt(nobody)
            return (try attempt(ada.email), unknown)
        }
        // The test of Mann and Whitney: counts how often a known user took longer, and measures the
        // difference from half of all pairs in standard deviations.
        let count = Double(pairs.count)
        let longer = pairs.reduce(0.0) { sum, pair in
            sum + pairs.reduce(0.0) { $0 + (pair.known > $1.unknown ? 1 : pair.known == $1.unknown ? 0.5 : 0) }
        }
        let deviations = (longer - count * count / 2) / (count * count * (2 * count + 1) / 12).squareRoot()
        #expect(abs(deviations) < 4, "known and unknown differ by \(deviations) standard deviations")
        let (known, unknown) = (pairs.map(\.known).min() ?? 0, pairs.map(\.unknown).min() ?? 0)
        #expect(unknown > known / 1.5 && unknown < known * 1.5, "known \(known) ms, unknown \(unknown) ms")
    }

    // MARK: Cross-site requests

    @Test func `no unsafe route of a session does anything without its CSRF token`() {
        let script = stack.script(of: stack.ada)
        script.csrfToken = nil
        for route in Routes.all where ![.get].contains(route.method) && [.session, .management].contains(route.access) {
            let path = route.path.description.replacing(#/\{[a-z_]+\??\}/#, with: "1")
            for body: Body in [.none, .form(["name": "x", "_token": "x"]), .json(["name": "x"])] {
                #expect(script.send(route.method.rawValue, path, body).status == 419, "\(route.method) \(path)")
            }
        }
    }

    // MARK: Injection

    @Test func `a line break in a parameter starts no header field and no log line`() {
        let browser = stack.browser(of: stack.ada)
        let text = "x\r\nSet-Cookie: injected=1\r\n\r\n<html>"
        for parameter in ["state", "scope", "redirect_uri", "client_id", "prompt", "ui_locales", "login_hint"] {
            let answer = browser.get(stack.authorizeAddress(stack.web, .init(dictionaryLiteral: (parameter, text))))
            #expect(
                answer.status < 500
                    && !answer.fields.contains { $0.name.lowercased() == "set-cookie" && $0.value.contains("injected") }
            )
        }
        _ = stack.token(["grant_type": "x\nlevel=critical", "client_id": text, "client_secret": text])
        #expect(stack.consumer().get("/oauth/tokens/%0d%0aX-Injected:%201")["X-Injected"] == nil)
        for line in stack.log.split(separator: "\n") {
            #expect(JSON(parsing: Array(line.utf8))?["level"] != nil, "\(line)")
        }
    }

    @Test(arguments: [
        "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 40",
        "Transfer-Encoding: identity, chunked", "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Content-Length: +4", "Content-Length: 4, 4", "Content-Length: -1",
    ])
    func `a request with an ambiguous length is answered once, or refused`(fields: String) {
        let smuggled = "GET /up HTTP/1.1\r\nHost: x\r\n\r\n"
        let request =
            "POST /oauth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\(fields)\r\n\r\n0\r\n\r\n\(smuggled)"
        let descriptor = Wire.connect(to: stack.port)
        Wire.write(Array(request.utf8), to: descriptor)
        let answers = String(decoding: Wire.readToEnd(descriptor), as: UTF8.self)
        #expect(answers.ranges(of: "HTTP/1.1 ").count == 1, "\(answers)")
        #expect(!answers.contains(#""status":"ok""#))
    }

    // MARK: Exhaustion

    @Test func `a compressed body is refused, not unpacked`() {
        for encoding in ["gzip", "deflate", "br", "identity"] {
            let body = Body.raw(String(repeating: "x", count: 1000), type: "application/json")
            let answer = stack.consumer().send("POST", "/oauth/token", body, fields: [("Content-Encoding", encoding)])
            #expect(answer.status == 415 && answer.json?["error"] == "invalid_request", "\(encoding)")
        }
    }

    @Test func `clients that send slowly, or never finish, do not delay other clients`() {
        let slow = (0..<200).map { index -> Int32 in
            let descriptor = Wire.connect(to: stack.port)
            let head =
                "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n"
            Wire.write(Array((index.isMultiple(of: 2) ? head : head + "\r\n{\"grant").utf8), to: descriptor)
            return descriptor
        }
        let took = ContinuousClock().measure { for _ in 0..<20 { #expect(stack.consumer().get("/up").status == 200) } }
        #expect(took < .seconds(10))
        for descriptor in slow { close(descriptor) }
    }
}
