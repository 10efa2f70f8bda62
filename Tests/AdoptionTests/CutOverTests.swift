import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// The README's guide, location by location, in front of a Laravel that answers everything else.
@Suite struct `One location at a time` {
    private static let readme = try! String(
        contentsOf: URL(filePath: #filePath).appending(path: "../../../README.md").standardizedFileURL, encoding: .utf8)

    @Test func `moves over, and back again`() throws {
        let stack = Passport12.stack("cutover")
        defer { stack.stop() }
        let text = try #require(Self.readme.firstMatch(of: #/One location at a time.*?```nginx\n(.*?)```/#.dotMatchesNewlines())).1
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count == 4)
        func answers(_ lines: [String]) throws -> (token: String, authorize: String, scopes: String, verify: String, other: String) {
            let shop = try Shop(lines, stack)
            defer { shop.nginx.end() }
            let form: Form = ["grant_type": "client_credentials", "client_id": "3", "client_secret": Passport12.machine.secret ?? ""]
            let authorize = shop.consumer.get("/oauth/authorize?client_id=4")
            return (
                shop.consumer.post("/oauth/token", .form(form)).json?["access_token"] == nil ? "laravel" : "consulate",
                authorize["Location"] ?? authorize.text, shop.consumer.get("/oauth/scopes").text, shop.consumer.get("/oauth/verify").text,
                shop.consumer.get("/login").text
            )
        }
        let here = "https://id.shop.example/oauth/authorize?client_id=4"
        let unauthorized = #"{"message":"Unauthorized","status":401}"#
        #expect(try answers([]) == ("laravel", "laravel", "laravel", "laravel", "laravel"))
        let notFound = #"{"message":"Not Found","status":404}"#
        #expect(try answers(Array(lines.prefix(2))) == ("consulate", "laravel", "laravel", notFound, "laravel"))
        #expect(try answers(Array(lines.prefix(3))) == ("consulate", here, "laravel", notFound, "laravel"))
        #expect(try answers(lines) == ("consulate", here, unauthorized, notFound, "laravel"))
        #expect(try answers(Array(lines.prefix(2))) == ("consulate", "laravel", "laravel", notFound, "laravel"))
    }

    /// The shop's own nginx.
    private struct Shop {
        let nginx: ChildProcess
        let consumer: Consumer

        init(_ lines: [String], _ stack: Stack) throws {
            let (port, folder) = (LocalPort.free(), stack.folder.appending(path: "nginx"))
            let configuration = """
                daemon off; pid shop.pid; \(NSUserName() == "root" ? "user root;" : "")
                events {}
                http {
                    access_log off;
                    include consulate/http.conf;
                    server {
                        listen 127.0.0.1:\(port);
                        \(lines.joined(separator: "\n"))
                        location / { return 200 'laravel'; }
                    }
                }
                """
            try Data(configuration.utf8).write(to: folder.appending(path: "shop.conf"))
            let log = folder.appending(path: "shop.log")
            nginx = try ChildProcess("nginx", ["-p", folder.path(), "-c", "shop.conf", "-e", log.path()], log: log)
            consumer = Consumer(port)
            #expect(LocalPort.waits(for: port))
        }
    }
}
