import Cast
import HTTP
import MariaDB
import Testing

/// The unread rest of a body on a kept FastCGI connection.
///
/// The responder must never read this rest as another request.
@Suite struct `Forged requests` {
    static let stack = Stack.start("forged", settings: ["WORKERS": "3", "DEBUGBAR_ENABLED": "true"])
    let stack = Self.stack

    /// FastCGI records (FastCGI 1.0 §3.3) of a forged request that deletes a key of the cache.
    private static let records: [UInt8] = {
        func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
            let padding = (8 - content.count % 8) % 8
            return [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 255), UInt8(padding), 0] + content
                + Array(repeating: 0, count: padding)
        }
        func pair(_ name: String, _ value: String) -> [UInt8] {
            [UInt8(name.utf8.count), UInt8(value.utf8.count)] + Array(name.utf8) + Array(value.utf8)
        }
        let parameters =
            pair("REQUEST_METHOD", "DELETE") + pair("REQUEST_URI", "/_debugbar/cache/forged")
            + pair("DOCUMENT_URI", "/_debugbar/cache/forged")
            + pair("REMOTE_ADDR", "6.6.6.6")
        return record(1, [0, 1, 1, 0, 0, 0, 0, 0]) + record(4, parameters) + record(4, []) + record(5, [])
    }()

    @Test func `a request inside a body never runs on any route that may answer before it reads the body`() throws {
        let connection = stack.connection()
        let key = try stack.storedForm(ofCacheKey: "forged")
        try connection.execute(
            "INSERT INTO oauth_cache (cache_key, value, expires_at) VALUES (?, 1, UTC_TIMESTAMP() + INTERVAL 1 HOUR)",
            key)
        // This nginx passes on bodies that are larger than the responder accepts.
        let nginx = try ExistingNginx(
            "forging", beside: stack,
            server: "location / { client_max_body_size 1m; client_body_buffer_size 1m; include consulate/pass.conf; }")
        defer { nginx.end() }
        let port = nginx.consumer().port
        let whole = Array(repeating: Self.records, count: 120_000 / Self.records.count + 1).flatMap { $0 }
        let paths = [
            "/oauth/token", "/oauth/authorize", "/oauth/clients", "/nowhere", "/login", "/logout", "/register",
            "/api/login", "/api/users", "/up",
            "/oauth/token/refresh",
        ]
        for path in paths {
            for shift in [0, 8, 16, 24, 1000, 1024, 8184, 8192] {
                let body = Array(repeating: UInt8(0), count: shift) + whole.prefix(120_000 - shift)
                let head =
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
                let answer = Wire.send(Array(head.utf8) + body, to: port)
                #expect((400..<500).contains(answer?.status ?? 0), "\(path): \(answer?.status ?? 0)")
                #expect(stack.consumer().get("/up").status == 200)
            }
        }
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_cache WHERE cache_key = ?", key) == 1)
        #expect(stack.consumer().delete("/_debugbar/cache/forged").text == #"{"success":true}"#)
    }
}
