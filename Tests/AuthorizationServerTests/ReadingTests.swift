import Cryptography
import HTTP
import HTTPTypes
import Logging
import MariaDB
import Testing

@testable import AuthorizationServer

/// What a request costs before anybody knows who sent it.
@Suite struct `Reading a request` {
    private let worker = Worker(
        Connection(to: DatabaseServer(socket: "/nowhere.sock", database: "nobody", username: "nobody")))

    /// Has a request answered in this process, on a database that is not there; returns how many
    /// queries and bodies were decoded.
    private func send(
        _ method: HTTPRequest.Method, _ target: String, _ body: String,
        type: String = "application/x-www-form-urlencoded"
    ) throws -> (readings: Int, status: Int) {
        let application = try Application(
            settings: Settings(["APP_KEY": ApplicationKey.generate()]),
            keys: KeySet(privateKey: SigningKey.generate(.es256), publicKeys: ""),
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

    @Test func `an address that does not exist, or not for this method, reads nothing`() throws {
        #expect(try send(.post, "/nowhere?a=1", "a=1") == (0, 404))
        #expect(try send(.post, "/up", "a=1") == (0, 405))
        #expect(try send(.post, "/api/login", String(repeating: "a", count: 16_385)) == (0, 413))
    }

    @Test(arguments: [
        "/login", "/logout", "/register", "/oauth/token", "/api/login", "/oauth/authorize", "/account/password",
        "/oauth/clients",
    ])
    func `a query and a body are decoded once each, however often they are looked at`(path: String) throws {
        for body in [
            "_token=x&_method=PUT&email=a&password=b&return_to=/account", "_method=DELETE",
            "grant_type=password&client_id=x",
        ] {
            #expect(try send(.post, path, body).readings <= 1, "\(path)")
            #expect(try send(.post, path + "?ui_locales=de", body).readings <= 2, "\(path)")
        }
    }

    @Test func `a body that cannot be read is tried once`() throws {
        let bomb = String(repeating: "a&", count: 8000)
        for path in ["/login", "/oauth/token", "/api/login"] {
            let (readings, status) = try send(.post, path, bomb)
            #expect(readings <= 1 && status == 400, "\(path)")
        }
    }
}
