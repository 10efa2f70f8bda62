import Cast
import HTTP
import Testing

/// Health, keys, metadata, the cache route, other origins, methods and paths.
@Suite struct `All other addresses` {
    let stack = Stack.shared

    @Test func `up is 200 while the database answers`() {
        #expect(stack.consumer().get("/up").status == 200)
        #expect(stack.browser().get("/up").status == 200)
    }

    @Test func `CORS_ORIGINS names the allowed origins`() {
        let strict = Stack.start("cors", settings: ["CORS_ORIGINS": "https://spa.example https://two.example"])
        defer { strict.stop() }
        func allowed(_ origin: String) -> String? {
            strict.consumer().send("GET", "/.well-known/jwks.json", fields: [("Origin", origin)])[
                "Access-Control-Allow-Origin"]
        }
        #expect(allowed("https://spa.example") == "https://spa.example")
        #expect(allowed("https://evil.example") == nil)
    }

    @Test func `HEAD is GET without its body, and another method is 405 with Allow`() {
        let head = stack.consumer().send("HEAD", "/.well-known/jwks.json")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(Int(head["Content-Length"] ?? "0") ?? 0 > 100)
        let wrong = stack.consumer().send("PATCH", "/oauth/clients")
        #expect(wrong.status == 405)
        #expect(wrong["Allow"] == "GET, HEAD, POST")
        #expect(wrong.text == #"{"message":"Method Not Allowed","status":405}"#)
        #expect(stack.consumer().get("/oauth/clients/1")["Allow"] == "PUT, DELETE")
        #expect(stack.consumer().send("PUT", "/oauth/authorize").json?["error"] == "invalid_request")
    }

    @Test func `an unknown address is 404, as a document or as a page`() {
        #expect(stack.consumer().get("/nowhere").text == #"{"message":"Not Found","status":404}"#)
        let page = stack.browser().get("/nowhere")
        #expect(page.status == 404)
        #expect(page["Content-Type"] == "text/html; charset=utf-8")
        #expect(page["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
    }

    @Test func `_method in a form may be only PUT or DELETE`() {
        let consumer = stack.firstParty(stack.ada)
        #expect(consumer.post("/oauth/clients/1", .form(["_method": "DELETE"])).status == 404)
        #expect(consumer.post("/oauth/clients/1", .form(["_method": "GET"])).status == 400)
        #expect(consumer.post("/oauth/clients/1", .json(["_method": "DELETE"])).status == 405)
        #expect(consumer.get("/oauth/clients/1?_method=DELETE").status == 405)
    }

    // MARK: the debug bar's cache

    static let debugging = Stack.start("debugbar", settings: ["DEBUGBAR_ENABLED": "true"])

    @Test func `the cache route deletes one key, and says whether the key existed`() throws {
        let stack = Self.debugging
        let connection = stack.connection()
        func put(_ key: String, tags: String = "") throws {
            let key = try stack.storedForm(ofCacheKey: key)
            try connection.execute(
                "INSERT INTO oauth_cache (cache_key, tags, value, expires_at) VALUES (?, ?, 1, UTC_TIMESTAMP() + INTERVAL 1 HOUR)",
                key, tags)
        }
        func delete(_ path: String) -> Answer { stack.consumer().delete("/_debugbar/cache/" + path) }
        try put("plain")
        #expect(delete("plain").text == #"{"success":true}"#)
        #expect(delete("plain").text == #"{"success":false}"#)
        try put("a b/c|d")
        #expect(delete("a%20b%2Fc%7Cd").text == #"{"success":true}"#)
        try put("twice/encoded")
        #expect(delete("twice%252Fencoded").text == #"{"success":true}"#)
        try put("tagged", tags: #"["logins","users"]"#)
        #expect(delete("tagged").text == #"{"success":false}"#)
        #expect(delete("tagged/%5B%22users%22%5D").text == #"{"success":false}"#)
        #expect(delete("tagged/%5B%22logins%22,%20%22users%22%5D").text == #"{"success":true}"#)
        #expect(delete("tagged/nonsense").status == 422)
        #expect(delete("tagged/%5B1%5D").status == 422)
        #expect(stack.consumer().get("/_debugbar/cache/plain").status == 405)
    }

    @Test func `the cache route unlocks a user who is locked out`() {
        let stack = Self.debugging
        let ada = stack.ada
        func attempt() -> Int {
            stack.consumer().post(
                "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)])
            ).status
        }
        for _ in 0..<6 {
            stack.consumer().post("/api/login", .json(["email": .string(ada.email), "password": "wrong password"]))
        }
        #expect(attempt() == 429)
        #expect(stack.consumer().delete("/_debugbar/cache/login:\(ada.email)%7C127.0.0.1").text == #"{"success":true}"#)
        #expect(attempt() == 200)
    }

    @Test func `the cache route is 404 while the debug bar is off`() {
        #expect(stack.consumer().delete("/_debugbar/cache/1/1").status == 404)
    }

    // MARK: paths

    @Test(
        arguments: [
            "/_debugbar/cache/a%2F..%2F..%2F..%2Flogin", "/oauth/../up", "/%6Fauth/clients", "//up", "/up//",
            "/oauth/tokens/a/b", "/oauth//tokens",
            "/oauth/tokens/%2e%2e/clients", "/oauth%2Ftoken", "/up%2f",
        ]) func `nginx and the routes see the same path, or it is not found`(path: String)
    {
        let answer = Self.debugging.consumer().send("DELETE", path)
        #expect([400, 404, 405].contains(answer.status), "\(path): \(answer.status)")
        #expect(
            [400, 404].contains(Self.debugging.consumer().send("GET", path).status)
                || path == "/_debugbar/cache/a%2F..%2F..%2F..%2Flogin")
    }

    @Test func `nginx's own errors have the envelope`() {
        let long = stack.consumer().get("/up?" + String(repeating: "x", count: 40_000))
        #expect(long.status == 414)
        #expect(long.text == #"{"message":"URI Too Long","status":414}"#)
        let field = stack.consumer().send("GET", "/up", fields: [("X-Long", String(repeating: "x", count: 40_000))])
        #expect(field.status == 400)
        #expect(field.text == #"{"message":"Bad Request","status":400}"#)
        let large = stack.firstParty(stack.ada).post(
            "/oauth/clients", .raw(String(repeating: "x", count: 100_000), type: "application/json"))
        #expect(large.status == 413)
        #expect(large.text == #"{"message":"Payload Too Large","status":413}"#)
    }

    @Test func `nginx limits sign-in and token routes, with errors in the envelope and in the protocol's words`() {
        let limited = Stack.start("limited", limit: "1r/m")
        defer { limited.stop() }
        let login = limited.consumer().request(
            "POST", "/api/login", .json(["email": "a@b.example", "password": "wrong password"]))
        let refused = Wire.send(Array(repeating: login, count: 40), to: limited.port).compactMap { $0 }.filter {
            $0.text.contains(#""Too Many Attempts.""#) && $0["Server"] != nil
        }
        #expect(refused.contains { $0.status == 429 && $0["Retry-After"] != nil })
        let token = limited.consumer().request("POST", "/oauth/token", .form(["grant_type": "x"]))
        let answers = Wire.send(Array(repeating: token, count: 130), to: limited.port).compactMap { $0 }
        let last = answers.filter { $0.status == 429 }
        #expect(!last.isEmpty)
        #expect(last.allSatisfy { $0.json?["error"] == "temporarily_unavailable" && $0["Retry-After"] != nil })
    }

    @Test func `while no responder runs, nginx answers in the envelope`() {
        let dead = Stack.start("dead")
        defer { dead.stop() }
        for responder in dead.responders { responder.end() }
        let answer = dead.consumer().get("/up")
        #expect(answer.status == 502)
        #expect(answer.json?["status"] == 502)
        let token = dead.consumer().post("/oauth/token", .form(["grant_type": "x"]))
        #expect(token.status == 503)
        #expect(token.json?["error"] == "temporarily_unavailable")
        #expect(token["Retry-After"] != nil)
    }

    @Test func `a defect of the server is 500 in every form without details, and is in the log with the request's id`()
        throws
    {
        let broken = Stack.start("broken")
        defer { broken.stop() }
        let firstParty = broken.firstParty(broken.ada)
        try Folder.mariaDB.query("DROP TABLE oauth_clients", database: "broken")
        let list = firstParty.get("/oauth/clients")
        #expect(list.status == 500)
        #expect(list.text == #"{"message":"Whoops, looks like something went wrong","status":500}"#)
        let token = broken.token(["grant_type": "client_credentials", "client_id": "x", "client_secret": "y"])
        #expect(token.status == 500)
        #expect(token.json?["error"] == "server_error")
        #expect(!token.text.contains("_clients"))
        let page = broken.browser().get("/oauth/authorize?client_id=x")
        #expect(page.status == 500)
        #expect(page["Content-Type"] == "text/html; charset=utf-8" && !page.text.contains("_clients"))
        let lines = broken.log.split(separator: "\n").compactMap { JSON(parsing: Array($0.utf8)) }.filter {
            $0["level"] == "error"
        }
        #expect(lines.count == 3)
        #expect(
            lines.allSatisfy { $0["request"]?.text?.count == 32 && $0["error"]?.text?.contains("_clients") == true },
            "\(lines)")
    }
}
