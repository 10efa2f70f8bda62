import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Storage
import Testing

@testable import AuthorizationServer

/// Tables that cannot be filled by callers without a credential or by self-registered callers.
@Suite struct `Bounded tables` {
    let stack = Stack.shared

    @Test func `a session has at most twenty consent pages: the oldest are deleted, and the newest works`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let script = stack.script(of: ada)
        let first = script.get(stack.authorizeAddress(web)).json?["auth_token"]?.text ?? ""
        let other = stack.script(of: ada).get(stack.authorizeAddress(web)).json?["auth_token"]?.text ?? ""
        try stack.connection().execute(
            "UPDATE oauth_pending_authorizations SET expires_at = expires_at - INTERVAL 60 SECOND WHERE id = ?",
            Digest.hexadecimal(first))
        var last = ""
        for _ in 0..<30 { last = script.get(stack.authorizeAddress(web)).json?["auth_token"]?.text ?? "" }
        let session = Digest.hexadecimal(script.cookies["consulate_session"] ?? "")
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_pending_authorizations WHERE session_id = ?", session) == 20)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_pending_authorizations WHERE id = ?", Digest.hexadecimal(other)) == 1)
        #expect(script.post("/oauth/authorize", .json(["auth_token": .string(first)])).status == 403)
        #expect(script.post("/oauth/authorize", .json(["auth_token": .string(last)])).status == 200)
    }

    @Test func `a request before the sign-in stores nothing`() throws {
        let web = stack.web
        for _ in 0..<5 {
            let browser = stack.browser()
            browser.get(browser.get(stack.authorizeAddress(web))["Location"] ?? "")
        }
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_pending_authorizations WHERE client_id = ?", web.id) == 0)
    }

    @Test
    func `failed sign-ins store one row a minute for an account, from any address, and one for all unknown emails`()
        throws
    {
        let ada = stack.ada
        func attempt(_ email: String, _ address: String) {
            let request = stack.consumer().request(
                "POST", "/api/login", .json(["email": .string(email), "password": "wrong password"]))
            _ = Wire.send(request, to: stack.port, from: address)
        }
        let unknown = "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = ? AND user_id IS NULL"
        let before = stack.count(
            "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = ? AND user_id IS NULL", "user.sign-in-failed")
        for number in 1...12 {
            attempt(ada.email, "127.0.5.\(number)")
            attempt("nobody-\(number)-\(ada.email)", "127.0.5.\(number)")
        }
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = 'user.sign-in-failed' AND user_id = ?",
                ada.id) <= 2)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = ? AND user_id IS NULL",
                "user.sign-in-failed") <= before + 2,
            "\(unknown)")
        #expect(stack.log.matches(of: try Regex("user.sign-in-failed")).count >= 24, "the log has all of them")
    }

    @Test func `text that was typed into an email field is not stored in any table`() throws {
        let typed = "my secret pass-\(Random.alphanumeric(12))"
        stack.consumer().post("/api/login", .json(["email": .string(typed), "password": "wrong password"]))
        let browser = stack.browser()
        browser.get("/login")
        browser.post(
            "/login",
            .form(["_token": browser.cookies["XSRF-TOKEN"] ?? "", "email": typed, "password": "wrong password"]))
        let dump = try ChildProcess.run(
            "mariadb-dump",
            [
                "--no-defaults", "--socket=\(Folder.mariaDB.socket)", "--user=root", "--skip-extended-insert", "shared",
                "oauth_cache",
                "oauth_audit_events",
            ])
        #expect(!dump.contains(typed) && !dump.contains(Digest.hexadecimal(typed)) && !dump.contains("login:"))
        #expect(dump.contains("INSERT INTO `oauth_cache`"))
    }

    @Test func `a new counter deletes two expired counters`() throws {
        let connection = stack.connection()
        let cache = CacheRepository(connection, try #require(ApplicationKey(ApplicationKey.generate())))
        try connection.execute(
            "INSERT INTO oauth_cache (cache_key, value, expires_at) SELECT CONCAT('expired-', seq), 1, '2020-01-01' FROM seq_1_to_10"
        )
        for _ in 0..<5 { _ = try cache.increment(Random.token(), window: 60, now: Stack.now) }
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_cache WHERE cache_key LIKE ?", "expired-%") == 0)
    }

    @Test func `a marker can be used only once, under any concurrency, and no route empties its table`() throws {
        let (stack, marker, end) = (stack, Random.token(), Stack.now + 60)
        let wins = Figure()
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            if (try? ReplayRepository(stack.connection()).use(marker, of: "jti", until: end)) == true { wins.add() }
        }
        #expect(wins.value == 1)
        #expect(try ReplayRepository(stack.connection()).use(marker, of: "another kind", until: end))
        let debugging = Stack.start("replays", settings: ["DEBUGBAR_ENABLED": "true"])
        defer { debugging.stop() }
        #expect(try ReplayRepository(debugging.connection()).use(marker, of: "jti", until: end))
        for key in [marker, "jti \(marker)", Digest.hexadecimal("jti \(marker)")] {
            #expect(
                debugging.consumer().delete("/_debugbar/cache/\(PercentEncoding.encode(key))").text
                    == #"{"success":false}"#)
        }
        #expect(try !ReplayRepository(debugging.connection()).use(marker, of: "jti", until: end))
    }
}

/// A number that several threads increase.
private final class Figure: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0
    func add() { lock.withLock { number += 1 } }
    var value: Int { lock.withLock { number } }
}
