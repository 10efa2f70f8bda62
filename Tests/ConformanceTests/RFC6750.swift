import AuthorizationServer
import Cast
import Foundation
import HTTP
import Testing

/// Bearer tokens: how clients send them, and how the server refuses them.
@Suite struct `RFC 6750` {
    private let stack = Stack.shared

    @Test(arguments: ["Bearer", "bearer", "BEARER", "bEaReR"])
    func `RFC 6750 §2.1: the scheme is Bearer, in upper or lower case`(scheme: String) {
        let token = stack.tokens(stack.ada, stack.web).access
        #expect(
            stack.consumer().send("GET", "/api/users?name=nobody", fields: [("Authorization", "\(scheme) \(token)")])
                .status == 404)
        #expect(
            stack.consumer().send("GET", "/api/users?name=nobody", fields: [("Authorization", "\(scheme)x \(token)")])
                .status == 401)
    }

    @Test func `RFC 6750 §2.3: a token in a query or in a body is not a credential`() {
        let (ada, token) = (stack.ada, stack.tokens(stack.ada, stack.web).access)
        let first = stack.firstParty(ada).bearer ?? ""
        let answers = [
            stack.consumer().get("/api/users?name=x&access_token=\(token)"),
            stack.consumer().send("GET", "/api/users", .form(["name": "x", "access_token": token])),
            stack.consumer().get("/oauth/clients?access_token=\(first)"),
            stack.consumer().post(
                "/oauth/clients", .form(["access_token": first, "name": "x", "redirect": "https://a.example"])),
        ]
        for answer in answers { #expect(answer.status == 401 && answer["WWW-Authenticate"] == "Bearer") }
    }

    @Test func `RFC 6750 §3: every 401 names the scheme, and names an error only if a credential was sent`() {
        for route in Routes.all where [.bearer(scope: nil), .management].contains(route.access) {
            let path = route.path.description.replacing(#/\{[a-z_]+\??\}/#, with: "1")
            let without = stack.consumer().send(route.method.rawValue, path)
            #expect(without.status == 401 && without["WWW-Authenticate"] == "Bearer", "\(route.method) \(path)")
            let bad = stack.consumer(bearer: "nonsense").send(route.method.rawValue, path)
            #expect(
                bad.status == 401 && bad["WWW-Authenticate"] == #"Bearer error="invalid_token""#,
                "\(route.method) \(path)")
        }
    }

    @Test func `RFC 6750 §3.1: a token with too little scope is 403 insufficient_scope on every management route`() {
        let token = stack.tokens(stack.ada, stack.web).access
        for route in Routes.all where route.access == .management {
            let path = route.path.description.replacing(#/\{[a-z_]+\??\}/#, with: "1")
            let answer = stack.consumer(bearer: token).send(route.method.rawValue, path)
            #expect(
                answer.status == 403 && answer["WWW-Authenticate"] == #"Bearer error="insufficient_scope""#,
                "\(route.method) \(path)")
        }
    }
}
