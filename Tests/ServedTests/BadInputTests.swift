import AuthorizationServer
import Cast
import Foundation
import HTTP
import MariaDB
import Testing

/// Invalid input to every route.
///
/// For any bytes, the answer is below 500 and in the documented form, and nothing changes.
@Suite(.serialized) struct `Bad input` {
    static let stack = Stack.start("bad", settings: ["DEBUGBAR_ENABLED": "true"])
    let stack = Self.stack

    /// Bodies and queries that no route can use.
    static let bodies: [Body] = [
        .raw("{", type: "application/json"), .raw("[]", type: "application/json"),
        .raw("\"text\"", type: "application/json"),
        .raw("nul", type: "application/json"),
        .raw(String(repeating: "[", count: 5000), type: "application/json"),
        .raw(#"{"a":"\ud800"}"#, type: "application/json"),
        .json(all([7])), .json(all([.array(["a"])])), .json(all([["a": "b"]])), .json(all([true])), .json(all([.null])),
        .json(all(["\u{0}"])),
        .json(all([.string(String(repeating: "x", count: 50_000))])), .json(all([.number(1e300)])),
        .json(all([.number(1.5)])),
        .raw(names.map { "\($0)=%ff%fe" }.joined(separator: "&"), type: "application/x-www-form-urlencoded"),
        .raw(names.map { "\($0)=%0" }.joined(separator: "&"), type: "application/x-www-form-urlencoded"),
        .raw(names.map { "\($0)=%zz" }.joined(separator: "&"), type: "application/x-www-form-urlencoded"),
        .raw(names.map { "\($0)=a%00b" }.joined(separator: "&"), type: "application/x-www-form-urlencoded"),
        .raw(names.map { "\($0)=a&\($0)=b" }.joined(separator: "&"), type: "application/x-www-form-urlencoded"),
        .raw(names.map { "\($0)[]=a&\($0)[x]=b" }.joined(separator: "&"), type: "application/x-www-form-urlencoded"),
        .raw("&&&===&%", type: "application/x-www-form-urlencoded"), .raw("x", type: "multipart/form-data; boundary=x"),
        .raw("<x/>", type: "application/xml"),
        .raw("x", type: nil), .raw(String(repeating: "x", count: 1_000_000), type: "application/json"),
        .raw("name=" + String(repeating: "x", count: 1_000_000), type: "application/x-www-form-urlencoded"),
    ]

    static let names = [
        "name", "redirect", "confidential", "scopes", "email", "password", "grant_type", "client_id", "client_secret",
        "code", "refresh_token",
        "redirect_uri",
        "scope", "state", "response_type", "auth_token", "code_verifier", "username",
    ]

    private static func all(_ value: [JSON]) -> JSON {
        .object(names.map { JSON.Member(name: $0, value: value[0]) })
    }

    static let queries = [
        "", "?%", "?name=%ff", "?a=%00", "?name=a&name=b", "?name[]=a", "?client_id=%00&response_type=code",
        "?scope=" + String(repeating: "x", count: 7000),
    ]

    private func checksum() throws -> String {
        let tables = [
            "users", "oauth_clients", "oauth_access_tokens", "oauth_auth_codes", "oauth_refresh_tokens",
            "oauth_refresh_families",
            "oauth_pending_authorizations",
        ]
        return try Folder.mariaDB.query("CHECKSUM TABLE \(tables.joined(separator: ", "))", database: "bad")
    }

    @Test func `every route answers guest, bearer and session with 4xx in its form, and changes no data`()
        throws
    {
        let ada = stack.ada
        let (bearer, session) = (stack.firstParty(ada), stack.script(of: ada))
        let before = try checksum()
        // These two routes end the credentials that the other requests send.
        for route in Routes.all where !["logout", "sessions.destroy-others"].contains(route.name) {
            for (consumer, who) in [(stack.consumer(), "guest"), (bearer, "bearer"), (session, "session")] {
                let path = route.path.description.replacing(#/\{[a-z_]+\??\}/#, with: "%5B%22x%22%5D")
                let attempts = Self.bodies.map { ("", $0) } + Self.queries.map { ($0, Body.none) }
                let requests = attempts.map { query, body in consumer.request(route.method.rawValue, path + query, body)
                }
                for (answer, attempt) in zip(Wire.send(requests, to: stack.port), attempts) {
                    let what =
                        "\(who) \(route.method.rawValue) \(path)\(attempt.0.prefix(40)) \(String(decoding: attempt.1.bytes.prefix(60), as: UTF8.self))"
                    guard let answer else {
                        Issue.record("no answer to \(what)")
                        continue
                    }
                    #expect(answer.status < 500, "\(answer.status) to \(what)")
                    if route.method != .get, who == "bearer", [.management].contains(route.access),
                        !route.path.description.contains("{")
                    {
                        #expect((400..<500).contains(answer.status), "\(answer.status) to \(what)")
                    }
                    if answer.status >= 400 {
                        #expect(answer.json?["status"] == .integer(Int64(answer.status)), "\(answer.text) to \(what)")
                    }
                }
            }
        }
        #expect(try checksum() == before)
        #expect(stack.responders.allSatisfy { $0.isRunning })
    }

    @Test func `letters with many accents are counted as in MariaDB, and are never 500`() {
        let letter = "a" + String(repeating: "\u{301}", count: 9)
        let (long, address) = (
            String(repeating: letter, count: 100), "\(String(repeating: letter, count: 50))@example.com"
        )
        let (bearer, browser) = (stack.firstParty(stack.ada), stack.browser())
        #expect(
            bearer.post("/oauth/clients", .json(["name": .string(long), "redirect": "https://a.example"])).status == 422
        )
        #expect(bearer.post("/oauth/personal-access-tokens", .json(["name": .string(long)])).status == 422)
        let fields: JSON = ["name": .string(long), "email": .string(address), "password": "long enough"]
        #expect(stack.consumer().post("/api/users", .json(fields)).status == 422)
        #expect(stack.consumer().post("/api/login", .json(fields)).status == 422)
        browser.get("/login")
        let ada = stack.ada
        let form: Form = ["_token": browser.cookies["XSRF-TOKEN"] ?? "", "email": ada.email, "password": ada.password]
        #expect(browser.send("POST", "/login", .form(form), fields: [("User-Agent", long)]).status == 303)
        #expect(stack.consumer().get("/api/users?name=\(PercentEncoding.encode(long))").status == 401)
        #expect(bearer.get("/api/users?name=\(PercentEncoding.encode(long))").status == 422)
    }

    @Test func `an email that is longer in lower case is counted like any other email`() {
        let email = String(repeating: "\u{130}", count: 240) + "@example.com"
        #expect(
            stack.consumer().post("/api/login", .json(["email": .string(email), "password": "wrong password"])).status
                == 401)
    }

    @Test func `the token route answers each of these bodies with 4xx`() {
        for body in Self.bodies {
            let answer = stack.consumer().post("/oauth/token", body)
            #expect(
                (400..<500).contains(answer.status),
                "\(answer.status) to \(String(decoding: body.bytes.prefix(60), as: UTF8.self))")
            #expect(answer.json?["error"] != nil)
        }
    }

    @Test func `random bytes as cookies, authorization and paths are answered below 500`() {
        var generator = SystemRandomNumberGenerator()
        var requests: [[UInt8]] = []
        for _ in 0..<300 {
            let noise = (0..<40).map { _ in UInt8.random(in: 0x21...0xff, using: &generator) }.filter { $0 != 0x7f }
            for head in [
                "GET /api/users?name=x HTTP/1.1\r\nAuthorization: Bearer ",
                "GET /oauth/clients HTTP/1.1\r\nCookie: consulate_session=",
                "POST /oauth/token HTTP/1.1\r\nAuthorization: Basic ",
            ] {
                requests.append(
                    Array(head.utf8) + noise
                        + Array("\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8))
            }
            requests.append(
                Array("GET /oauth/tokens/".utf8) + noise
                    + Array(" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
        }
        for start in stride(from: 0, to: requests.count, by: 60) {
            for answer in Wire.send(Array(requests[start..<min(start + 60, requests.count)]), to: stack.port) {
                #expect((400..<500).contains(answer?.status ?? 0), "\(answer?.status ?? 0)")
            }
        }
        #expect(stack.consumer().get("/up").status == 200)
    }
}
