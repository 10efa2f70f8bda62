import Cryptography
import HTTP
import HTTPTypes
import Logging
import MariaDB
import OAuth
import Testing

@testable import AuthorizationServer

/// The cost of a request before its sender is known.
@Suite struct `Reading a request` {
    private let worker = Worker(
        Connection(to: DatabaseServer(socket: "/nowhere.sock", database: "nobody", username: "nobody")))

    /// Answers a request in this process, with a database that does not exist.
    ///
    /// Returns how many queries and bodies were decoded, and the status of the answer.
    private func send(
        _ method: HTTPRequest.Method, _ target: String, _ body: String,
        type: String = "application/x-www-form-urlencoded"
    ) throws -> (readings: Int, status: Int) {
        let application = try Application(
            settings: Settings(["APP_KEY": ApplicationKey.generate()]),
            keys: KeyRing([KeySet(.accessToken, privateKey: SigningKey.generate(.es256), publicKeys: "")]),
            hashing: PasswordHashing(cores: 1, limit: 1, cost: 4),
            logger: Logger(label: "reading", factory: { _ in SwiftLogNoOpLogHandler() }),
            clock: { Timestamp(secondsSince1970: 1_800_000_000) })
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let request = Request(
            method: method, path: parts[0], query: parts.count == 2 ? parts[1] : "",
            fields: [.contentType: type, .accept: "text/html"],
            body: Array(body.utf8))
        let before = worker.readings
        let status = application.respond(to: request, on: worker).status.code
        return (worker.readings - before, status)
    }

    @Test func `a request with an unknown address, a wrong method or a long body is not decoded`() throws {
        #expect(try send(.post, "/nowhere?a=1", "a=1") == (0, 404))
        #expect(try send(.post, "/up", "a=1") == (0, 405))
        #expect(try send(.post, "/api/login", String(repeating: "a", count: 16_385)) == (0, 413))
    }

    @Test(arguments: [
        "/login", "/logout", "/register", "/oauth/token", "/api/login", "/oauth/authorize", "/account/password",
        "/oauth/clients",
    ])
    func `a query and a body are decoded once each, no matter how often they are used`(path: String) throws {
        for body in [
            "_token=x&_method=PUT&email=a&password=b&return_to=/account", "_method=DELETE",
            "grant_type=password&client_id=x",
        ] {
            #expect(try send(.post, path, body).readings <= 1, "\(path)")
            #expect(try send(.post, path + "?ui_locales=de", body).readings <= 2, "\(path)")
        }
    }

    @Test func `a body that cannot be read is decoded only once`() throws {
        let bomb = String(repeating: "a&", count: 8000)
        for path in ["/login", "/oauth/token", "/api/login"] {
            let (readings, status) = try send(.post, path, bomb)
            #expect(readings <= 1 && status == 400, "\(path)")
        }
    }
}
