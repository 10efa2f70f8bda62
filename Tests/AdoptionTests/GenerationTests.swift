import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// Every schema that a Passport may have created: Consulate adopts it, uses it and leaves it again.
@Suite(.serialized) struct `A Passport's schema` {
    @Test(arguments: Generation.all) func `is adopted, used, and unchanged after --undo`(generation: Generation) throws
    {
        try generation.make()
        let before = try generation.dump()
        let stack = try generation.stack()
        defer { stack.stop() }
        try readOnly(generation, stack)
        let undone = try stack.console("adopt", "--undo")
        #expect(undone.status == 0, "\(undone.error)")
        #expect(try generation.dump() == before)

        let again = try stack.console("adopt")
        #expect(again.status == 0, "\(again.error)")
        stack.waitForResponder()
        try fully(generation, stack)
        #expect(try stack.console("adopt", "--undo").status == 0)
        #expect(withoutCounters(try generation.dump("--no-data")) == withoutCounters(schema(of: before)))
        let rows = Set(try generation.dump("--no-create-info").split(separator: "\n"))
        for row in before.split(separator: "\n") where row.hasPrefix("INSERT") { #expect(rows.contains(row)) }
    }

    /// Checks the requests that leave no rows in Passport's tables.
    private func readOnly(_ generation: Generation, _ stack: Stack) throws {
        let token = try generation.passportToken(Generation.accessToken, subject: generation.alice)
        #expect(stack.consumer(bearer: token).get("/api/users?name=Alice").json?["email"]?.text == "alice@example.com")
        // The subject as Passport 12 writes it, and as Passport 13 writes it.
        for subject in ["", generation.web] {
            let machine = try generation.passportToken(Generation.machineToken, subject: subject)
            #expect(stack.bearerStatus(machine) == 401)
            let verified = Consumer(stack.directPort, bearer: machine).get("/oauth/verify")
            #expect(verified.status == 204 && verified["X-User-Id"] == nil && verified["X-Client-Id"] == generation.web)
        }
        let script = stack.script(of: generation.person)
        let clients = script.get("/oauth/clients").json
        guard case .array(let listed)? = clients, listed.count == 1 else {
            return #expect(Bool(false), "\(script.get("/oauth/clients").text)")
        }
        #expect(listed[0]["name"]?.text == "Web" && listed[0]["redirect"]?.text == "http://localhost:9999/callback")
        #expect(listed[0]["id"] == (generation.isNumbered ? .integer(4) : .string(generation.web)))
        #expect(listed[0]["user_id"] == (generation.usersAreNumbered ? .integer(1) : .string(generation.alice)))
        #expect(script.get("/oauth/tokens").text.contains(Generation.accessToken))
    }

    private func fully(_ generation: Generation, _ stack: Stack) throws {
        let (alice, web) = (generation.person, generation.confidential)
        let tokens = stack.tokens(alice, web)
        #expect(stack.bearerStatus(tokens.access) == 404)
        #expect(
            claims(tokens.access)?["aud"]?.text == generation.web
                && claims(tokens.access)?["sub"]?.text == generation.alice)
        #expect(stack.token(stack.refreshment(tokens.refresh, web)).status == 200)
        let machine = stack.token([
            "grant_type": "client_credentials", "client_id": web.id, "client_secret": web.secret ?? "",
        ])
        #expect(machine.status == (generation.hasGrants ? 400 : 200))
        let native = Application(id: generation.native, secret: nil, redirectURI: "http://127.0.0.1/spa")
        #expect(stack.bearerStatus(stack.tokens(alice, native).access) == 404)

        let script = stack.script(of: alice)
        let personal = script.post("/oauth/personal-access-tokens", .json(["name": "script", "scopes": []])).json
        #expect(
            personal?["token"]?["client_id"] == (generation.isNumbered ? .integer(1) : .string(generation.personal)))
        #expect(script.get("/oauth/personal-access-tokens").text.contains("script"))

        for confidential in [true, false] {
            let made = script.post(
                "/oauth/clients",
                .json([
                    "name": "Shop", "redirect": "https://shop.example/a,https://shop.example/b",
                    "confidential": .bool(confidential),
                ]))
            #expect(made.status == 201, "\(made.text)")
            let id = try #require(made.json?["id"].map { $0.text ?? $0.compact })
            #expect((Int(id) != nil) == generation.isNumbered)
            let changed = script.put(
                "/oauth/clients/\(id)",
                .json(["name": "Shop", "redirect": "https://shop.example/c,https://shop.example/d"]))
            #expect(
                changed.json?["redirect"]?.text == "https://shop.example/c,https://shop.example/d", "\(changed.text)")
            let shop = Application(id: id, secret: made.json?["secret"]?.text, redirectURI: "https://shop.example/d")
            let shopping = stack.tokens(alice, shop)
            #expect(stack.bearerStatus(shopping.access) == 404)
            #expect(script.delete("/oauth/clients/\(id)").status == 204)
            #expect(stack.bearerStatus(shopping.access) == 401)
        }

        let grace: JSON = ["name": "Grace", "email": "grace@example.com", "password": "four unrelated words"]
        #expect(stack.consumer().post("/api/users", .json(grace)).status == 201)
        let user = Person(id: "", name: "Grace", email: "grace@example.com", password: "four unrelated words")
        let firstParty = try #require(stack.firstParty(user).bearer)
        #expect((claims(firstParty)?["sub"]?.text).map { Int($0) != nil } == generation.usersAreNumbered)
        #expect(stack.bearerStatus(firstParty) == 404)
        if generation.keepsDeletedUsers {
            let tokens = stack.tokens(user, generation.confidential)
            try Folder.mariaDB.query(
                "UPDATE users SET deleted_at = NOW() WHERE name = 'Grace'", database: generation.name)
            #expect(stack.bearerStatus(firstParty) == 401)
            #expect(stack.firstParty(user).bearer == nil)
            #expect(
                stack.token(stack.refreshment(tokens.refresh, generation.confidential)).json?["error"]
                    == "invalid_grant")
        }
    }

    private func schema(of dump: String) -> String {
        dump.split(separator: "\n", omittingEmptySubsequences: false).filter {
            !$0.hasPrefix("INSERT") && !$0.contains("LOCK TABLES") && !$0.contains(" KEYS */")
        }
        .joined(separator: "\n")
    }

    private func withoutCounters(_ dump: String) -> [Substring] {
        dump.replacing(#/ AUTO_INCREMENT=\d+/#, with: "").split(separator: "\n").filter {
            !$0.hasPrefix("--") && !$0.contains("autocommit")
        }
    }
}
