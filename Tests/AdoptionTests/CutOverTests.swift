import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// The locations in the guide `sql/MOVING-IN.md`, one after the other.
///
/// Behind them is a Laravel that answers every other address.
@Suite struct `One location at a time` {
    @Test func `each location moves to Consulate and back to Laravel`() throws {
        let stack = Passport12.stack("cutover")
        defer { stack.stop() }
        let lines = try #require(Guide("sql/MOVING-IN.md").lines(of: "nginx", below: "5. One location at a time"))
        #expect(lines.count == 4)
        func answers(_ lines: [String]) throws -> (
            token: String, authorize: String, scopes: String, verify: String, other: String
        ) {
            let nginx = try ExistingNginx(
                "shop", beside: stack, server: lines.joined(separator: "\n") + "location / { return 200 'laravel'; }")
            defer { nginx.end() }
            let shop = nginx.consumer()
            let form: Form = [
                "grant_type": "client_credentials", "client_id": "3", "client_secret": Passport12.machine.secret ?? "",
            ]
            let authorize = shop.get("/oauth/authorize?client_id=4")
            return (
                shop.post("/oauth/token", .form(form)).json?["access_token"] == nil ? "laravel" : "consulate",
                authorize["Location"] ?? authorize.text, shop.get("/oauth/scopes").text, shop.get("/oauth/verify").text,
                shop.get("/login").text
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
}
