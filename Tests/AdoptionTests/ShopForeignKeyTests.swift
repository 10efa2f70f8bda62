import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// Foreign keys that shops add to Passport's tables.
@Suite(.serialized) struct `A shop's foreign keys` {
    private static let schemas = [
        Generation(name: "shopkeys"),
        .thirteen("shopkeys13"),
        Generation(name: "shopkeysprefix", prefix: "shop_"),
    ]

    private static func keys(_ prefix: String) -> String {
        ["oauth_access_tokens", "oauth_auth_codes"].flatMap { table in
            [("client_id", "oauth_clients"), ("user_id", "users")].map { column, other in
                """
                ALTER TABLE \(prefix)\(table) ADD CONSTRAINT \(table)_\(column)_foreign FOREIGN KEY (\(column))
                    REFERENCES \(prefix)\(other) (id)
                """
            }
        }.joined(separator: ";\n")
    }

    /// Returns tables and keys as `mariadb-dump` writes them, without counters.
    private func schema(_ generation: Generation) throws -> String {
        try generation.dump("--no-data", "--skip-comments").replacing(#/ AUTO_INCREMENT=\d+/#, with: "")
    }

    @Test(arguments: schemas) func `foreign keys and their indexes are unchanged after adopt and undo`(
        generation: Generation
    ) throws {
        try generation.make()
        try Folder.mariaDB.query(Self.keys(generation.prefix), database: generation.name)
        let before = try (schema(generation), generation.dump("--no-create-info", "--skip-comments"))
        let stack = try generation.stack()
        defer { stack.stop() }
        for key in ["client_id", "user_id"] {
            #expect(
                try schema(generation).contains(
                    "CONSTRAINT `oauth_access_tokens_\(key)_foreign` FOREIGN KEY (`\(key)`)"))
        }
        #expect(try stack.console("adopt", "--undo").status == 0)
        #expect(
            try schema(generation) == before.0 && generation.dump("--no-create-info", "--skip-comments") == before.1)

        #expect(try stack.console("adopt").status == 0)
        stack.waitForResponder()
        let (alice, web) = (generation.person, generation.confidential)
        let tokens = stack.tokens(alice, web, scope: "place-orders check-status")
        #expect(stack.bearerStatus(tokens.access) == 404)
        #expect(stack.token(stack.refreshment(tokens.refresh, web)).status == 200)
        let script = stack.script(of: alice)
        #expect(script.get("/oauth/tokens").status == 200 && script.get("/account").status == 200)
        let personal = script.post("/oauth/personal-access-tokens", .json(["name": "script", "scopes": []])).json?[
            "token"]?["id"]?.text
        #expect(script.delete("/oauth/personal-access-tokens/\(personal ?? "")").status == 204)
        let undone = try stack.console("adopt", "--undo")
        #expect(
            undone.status == 0 && undone.output.hasSuffix("Laravel's tables have the columns that they had\n"),
            "\(undone.error)")
        #expect(try schema(generation) == before.0)
    }

    @Test func `foreign keys that a shop adds later keep an index after undo`() throws {
        let generation = Generation(name: "shopkeyslate")
        try generation.make()
        let stack = try generation.stack()
        defer { stack.stop() }
        try Folder.mariaDB.query(Self.keys(""), database: generation.name)
        let undone = try stack.console("adopt", "--undo")
        #expect(undone.status == 0, "\(undone.error)")
        let left = try schema(generation)
        #expect(
            left.contains("KEY `oauth_access_tokens_client_id_foreign` (`client_id`)") && !left.contains("consulate"),
            "\(left)")
        // The result is the same as for keys that existed before.
        let other = Generation(name: "shopkeysearly")
        try other.make()
        try Folder.mariaDB.query(Self.keys(""), database: other.name)
        #expect(try Set(left.split(separator: "\n")) == Set(schema(other).split(separator: "\n")))
    }

    @Test func `doctor finds an interrupted undo, and a second undo finishes it`() throws {
        let generation = Generation(name: "shopkeyshalf")
        try generation.make()
        let before = try schema(generation)
        let stack = try generation.stack()
        defer { stack.stop() }
        let statements = try stack.console("adopt", "--undo", "--dry-run").output.split(separator: ";\n").map {
            $0 + ";"
        }
        try Folder.mariaDB.query(statements.prefix(4).joined(separator: "\n"), database: generation.name)
        let doctor = try stack.console("doctor").output
        #expect(doctor.contains("problem  schema: `adopt --undo` has begun and is not finished\n"), "\(doctor)")
        #expect(doctor.contains("mend it with: consulate adopt --undo --env "))
        #expect(try stack.console("adopt", "--undo").status == 0)
        #expect(try schema(generation) == before)
    }
}
