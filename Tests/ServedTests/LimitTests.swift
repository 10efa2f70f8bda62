import Cast
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

@testable import AuthorizationServer
@testable import Cryptography

/// The limits on the cost of a request, and on the number of requests from one network.
@Suite struct `Limits` {
    let stack = Stack.shared
    private static let bomb = String(repeating: "a&", count: 8000)

    // MARK: reading

    @Test(arguments: ["/oauth/token", "/api/login", "/api/users", "/login"])
    func `a form of more than 200 names is 400, and a query is too`(path: String) throws {
        let form = Body.raw(Self.bomb, type: "application/x-www-form-urlencoded")
        #expect(stack.consumer().post(path, form).status == 400)
        let json = "{" + (0..<201).map { "\"n\($0)\":1" }.joined(separator: ",") + "}"
        #expect(stack.consumer().post(path, .raw(json, type: "application/json")).status == 400)
    }

    @Test func `nginx and the responder limit a body to 16 KB, and to 64 KB where it may contain addresses`() {
        func status(_ path: String, _ size: Int, port: Int) -> Int {
            let body = "email=a&redirect=" + String(repeating: "x", count: size - 17)
            let request = Consumer(port).request("POST", path, .raw(body, type: "application/x-www-form-urlencoded"))
            return Wire.send(request, to: port)?.status ?? 0
        }
        for port in [stack.port, stack.directPort] {
            for path in ["/api/login", "/oauth/token", "/logout", "/oauth/authorize", "/oauth/personal-access-tokens"] {
                #expect(status(path, 16_384, port: port) != 413 && status(path, 16_385, port: port) == 413, "\(path)")
            }
        }
        for path in ["/login", "/register", "/oauth/clients", "/oauth/clients/x"] {
            #expect(
                status(path, 65_536, port: stack.port) != 413 && status(path, 65_537, port: stack.port) == 413,
                "\(path)")
        }
    }

    @Test func `every declared field has a maximum length, which is checked first`() throws {
        for route in Routes.all {
            for parameter in route.endpoint.parameters where parameter.place == .body {
                switch parameter.kind {
                case .text, .name, .email, .password, .redirects: #expect(parameter.maximum != nil)
                case .newPassword, .flag, .scopes, .seconds, .portion, .choice, .tags, .opaque: break
                }
            }
        }
        let long = String(repeating: "x", count: 16_000)
        for (field, length, message) in [
            ("password", 73, "The password field must not be greater than 72 bytes."),
            ("email", 256, "The email field must not be greater than 255 characters."),
            ("name", 256, "The name field must not be greater than 255 characters."),
        ] {
            for length in [length, long.utf8.count] {
                let fields: Form = ["name": "A", "email": "a@b.example", "password": "four unrelated small words"]
                var form = fields
                form.pairs.removeAll { $0.name == field }
                form.append(
                    field, field == "email" ? long.prefix(length - 10) + "@b.example" : String(long.prefix(length)))
                #expect(
                    stack.consumer().post("/api/users", .form(form)).json?["errors"]?[field] == [.string(message)],
                    "\(field) of \(length)")
            }
        }
        #expect(
            stack.token(stack.refreshment(String(long.prefix(8193)), stack.web)).json?["error_description"]
                == "The refresh_token parameter has more than 8192 bytes.")
    }

    // MARK: counts

    @Test func `a user has at most 100 valid personal tokens and 100 clients, under any concurrency`() throws {
        let ada = stack.ada
        let (script, connection) = (stack.firstParty(ada), stack.connection())
        try connection.execute(
            """
            INSERT INTO oauth_clients (id, user_id, name, redirect, personal_access_client, password_client, revoked)
            SELECT CONCAT('full-', ?, '-', seq), ?, 'Full', '', 0, 0, 0 FROM seq_1_to_98
            """, ada.id, ada.id)
        try connection.execute(
            """
            INSERT INTO oauth_access_tokens (id, user_id, client_id, name, scopes, revoked, created_at, expires_at)
            SELECT CONCAT('full-', ?, '-', seq), ?, (SELECT id FROM oauth_clients
                WHERE internal = 'personal'), 'x', '[]', 0, UTC_TIMESTAMP(),
                UTC_TIMESTAMP() + INTERVAL IF(seq > 98, -1, 1) DAY FROM seq_1_to_120
            """, ada.id, ada.id)
        let clients = Array(
            repeating: script.request("POST", "/oauth/clients", .json(["name": "A", "redirect": "https://a.example"])),
            count: 8)
        let tokens = Array(
            repeating: script.request("POST", "/oauth/personal-access-tokens", .json(["name": "A"])), count: 8)
        for requests in [clients, tokens] {
            let answers = Wire.send(requests, to: stack.port).compactMap { $0 }
            #expect(answers.filter { $0.status < 300 }.count == 2 && answers.filter { $0.status == 422 }.count == 6)
            #expect(
                answers.contains {
                    $0.json?["errors"]?["name"] == ["You have 100 already, which is the most: delete one first."]
                })
        }
        let browser = stack.browser(of: ada)
        let page = browser.post(
            "/oauth/clients", .form(["_token": browser.csrfToken ?? "", "name": "A", "redirect": "https://a.example"]))
        #expect(page.status == 422 && page.text.contains("You have 100 already. Delete one first."))
    }

    @Test func `a page shows 25 of a kind and a link to more, and a list 1,000 and a Link to the next page`() throws {
        let ada = stack.ada
        try stack.connection().execute(
            """
            INSERT INTO oauth_access_tokens (id, user_id, client_id, name, scopes, revoked, created_at, expires_at)
            SELECT CONCAT('many-', ?, '-', LPAD(seq, 5, '0')), ?, (SELECT id FROM oauth_clients
                WHERE internal = 'personal'), CONCAT('many', seq), '[]', 0,
                UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 DAY FROM seq_1_to_1003
            """, ada.id, ada.id)
        let (script, browser) = (stack.firstParty(ada), stack.browser(of: ada))
        func names(_ answer: Answer) -> [String] {
            guard case .array(let tokens)? = answer.json else { return [] }
            return tokens.compactMap { $0["name"]?.text }
        }
        let first = script.get("/oauth/personal-access-tokens")
        let address = "http://127.0.0.1:\(stack.port)/oauth/personal-access-tokens?page=2"
        #expect(first["Link"] == "<\(address)>; rel=\"next\"" && names(first) == (1...1000).map { "many\($0)" })
        let second = script.get("/oauth/personal-access-tokens?page=2")
        #expect(second["Link"] == nil && names(second) == ["many1001", "many1002", "many1003"])
        for wrong in ["", "0", "x", "10001", "1&page=2", "-1"] {
            #expect(script.get("/oauth/personal-access-tokens?page=\(wrong)").status == 422)
        }
        let page = browser.get("/account")
        #expect(page.text.contains(">many25<") && !page.text.contains(">many26<"))
        #expect(page.text.contains(#"href="/account?tokens=2#tokens">More</a>"#))
        let next = browser.get("/account?tokens=2")
        #expect(next.text.contains(">many26<") && next.text.contains(">many50<") && !next.text.contains(">many51<"))
        #expect(!browser.get("/account?tokens=41").text.contains(">More</a>"))
    }

    // MARK: networks

    /// Returns the statuses of requests from addresses that this machine does not have.
    ///
    /// nginx's own module for proxies reads these addresses from a header field.
    private func answers(_ requests: [(method: String, path: String, address: String)], _ stack: Stack, _ name: String)
        throws -> [Int]
    {
        let nginx = try ExistingNginx(
            name, beside: stack,
            server:
                "set_real_ip_from 127.0.0.1; real_ip_header X-From; include consulate/errors.conf; include consulate/server.conf;"
        )
        defer { nginx.end() }
        return requests.map { method, path, address in
            let preflight = [("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST")]
            return nginx.consumer().send(
                method, path, fields: [("X-From", address)] + (method == "OPTIONS" ? preflight : [])
            ).status
        }
    }

    @Test func `nginx counts an IPv6 prefix of 64 bits as one network, and a mapped address as IPv4`() throws {
        let limited = Stack.start("networks", limit: "1r/m")
        defer { limited.stop() }
        func refused(_ name: String, _ addresses: [String]) throws -> Int {
            try answers(addresses.map { ("POST", "/api/login", $0) }, limited, name).filter { $0 == 429 }.count
        }
        #expect(try refused("one", (0..<30).map { "2001:db8:0:1::\($0 + 1)" }) == 9)
        #expect(try refused("many", (0..<30).map { "2001:db8:0:\($0 + 10)::1" }) == 0)
        #expect(try refused("mapped", (0..<30).map { $0 % 2 == 0 ? "::ffff:192.0.2.7" : "192.0.2.7" }) == 9)
        #expect(try refused("four", (0..<30).map { "192.0.2.\($0 + 100)" }) == 0)
    }

    @Test func `reading does not use up the limit for guesses, and preflights are never limited`() throws {
        let limited = Stack.start("methods", limit: "1r/m")
        defer { limited.stop() }
        let reads = ["/api/users?name=x", "/login", "/register"].flatMap { path in
            Array(repeating: ("GET", path, "192.0.2.7"), count: 25)
        }
        let guess = [("POST", "/api/login", "192.0.2.7")]
        #expect(try answers(reads + guess, limited, "reads").allSatisfy { $0 != 429 })
        let floods = Array(repeating: ("POST", "/api/login", "192.0.2.8"), count: 22)
        let preflights = Array(repeating: ("OPTIONS", "/api/login", "192.0.2.8"), count: 300)
        let all = try answers(floods + preflights, limited, "preflights")
        #expect(all.prefix(22).last == 429 && all.dropFirst(22).allSatisfy { $0 != 429 })
    }

    @Test func `every location has a limit`() throws {
        let limited = Stack.start("everywhere", limit: "1r/m")
        defer { limited.stop() }
        for (index, path) in [
            "/oauth/scopes", "/account", "/docs", "/up", "/oauth/authorize", "/.well-known/jwks.json", "/oauth/clients",
        ]
        .enumerated() {
            let all = try answers(
                Array(repeating: ("GET", path, "198.51.100.\(index)"), count: 203), limited, "everywhere\(index)")
            #expect(all.prefix(201).allSatisfy { $0 != 429 } && all.last == 429, "\(path)")
        }
    }

    @Test func `our own counters treat an IPv6 prefix of 64 bits as one network`() throws {
        let ada = stack.ada
        let nginx = try ExistingNginx(
            "ownkeys", beside: stack,
            server: "set_real_ip_from 127.0.0.1; real_ip_header X-From; include consulate/server.conf;")
        defer { nginx.end() }
        func attempt(_ address: String, _ password: String) -> Int {
            nginx.consumer().send(
                "POST", "/api/login", .json(["email": .string(ada.email), "password": .string(password)]),
                fields: [("X-From", address)]
            ).status
        }
        for number in 1...5 { #expect(attempt("2001:db8:7:7::\(number)", "wrong password") == 401) }
        #expect(attempt("2001:db8:7:7:ffff::9", ada.password) == 429)
        #expect(attempt("2001:db8:7:8::1", ada.password) == 200)
        for number in 1...5 {
            #expect(attempt(number % 2 == 0 ? "::ffff:203.0.113.9" : "203.0.113.9", "wrong password") == 401)
        }
        #expect(attempt("203.0.113.9", ada.password) == 429)
    }

    @Test func `a 503 does not count as an attempt, and does not lock out the user`() throws {
        let busy = Stack.start("givesback", settings: ["BCRYPT_ROUNDS": "11", "WORKERS": "3"])
        defer { busy.stop() }
        let ada = busy.ada
        try busy.connection().execute(
            "UPDATE users SET password = ? WHERE id = ?", PasswordHash.bcrypt(ada.password, cost: 11).text, ada.id)
        let other = busy.grace
        try busy.connection().execute(
            "UPDATE users SET password = ? WHERE id = ?", PasswordHash.bcrypt(other.password, cost: 11).text, other.id)
        // Only WORKERS - 2 requests may hash at the same time. The other requests get 503,
        // regardless of how often they are sent.
        func requests(_ person: Person, _ count: Int) -> [[UInt8]] {
            let body = Body.json(["email": .string(person.email), "password": .string(person.password)])
            return Array(repeating: busy.consumer().request("POST", "/api/login", body), count: count)
        }
        var unavailable = 0
        for _ in 0..<6 {
            unavailable +=
                Wire.send(requests(other, 1) + requests(ada, 4), to: busy.port).filter { $0?.status == 503 }.count
        }
        #expect(unavailable > 5)
        #expect(Wire.send(requests(ada, 1), to: busy.port).first??.status == 200)
        #expect(busy.count("SELECT COUNT(*) AS n FROM oauth_audit_events WHERE event = ?", "user.locked-out") == 0)
    }
}
