import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// Users as shops have them.
///
/// A social sign-in leaves columns NULL, and some passwords were hashed by other programs.
@Suite(.serialized) struct `A shop's users` {
    private static let schemas = [
        Generation(name: "shopusers"),
        .thirteen("shopusers13"),
    ]

    /// Creates the schema with six more users, and starts Consulate on it.
    private func stack(_ generation: Generation) throws -> Stack {
        try generation.make()
        let hash = PasswordHash.bcrypt(Generation.password, cost: 4).text
        let ids =
            generation.usersAreNumbered
            ? (2...7).map { "\($0)" } : (2...7).map { "9a7d0002-0000-4000-8000-00000000000\($0)" }
        try Folder.mariaDB.query(
            """
            ALTER TABLE users MODIFY password VARCHAR(255) NULL, MODIFY email VARCHAR(255) NULL,
                MODIFY name VARCHAR(255) NULL;
            INSERT INTO users (id, name, email, password) VALUES
                ('\(ids[0])', 'Social', 'social@example.com', NULL), ('\(ids[1])', 'Blank', 'blank@example.com', ''),
                ('\(ids[2])', NULL, 'nameless@example.com', '\(hash)'), ('\(ids[3])', 'Phone', NULL, '\(hash)'),
                ('\(ids[5])', '', 'unnamed@example.com', '\(hash)'),
                    ('\(ids[4])', 'Older', 'older@example.com', '\(hash.replacing("$2y$", with: "$2a$"))');
            """, database: generation.name)
        return try generation.stack()
    }

    private static let notes =
        "users: 2 without a password cannot sign in here by one; 1 without an email cannot sign in here by password; 2 without a name are shown with their email or id"

    @Test(arguments: schemas) func `a user without a password, an email or a name gets the same answers as others`(
        generation: Generation
    ) throws {
        let stack = try stack(generation)
        defer { stack.stop() }
        func answers(_ email: String) -> [String] {
            let body: JSON = ["email": .string(email), "password": "wrong password"]
            let page = stack.browser().signIn(Person(id: "", name: "", email: email, password: "wrong password"))
            let api = stack.consumer().post("/api/login", .json(body))
            return ["\(api.status) \(api.text)", "\(page.status) \(page["Location"] ?? "")"]
        }
        let expected = answers("nobody@example.com")
        for email in ["alice@example.com", "social@example.com", "blank@example.com"] {
            #expect(answers(email) == expected, "\(email)")
        }
        #expect(expected[0].hasPrefix("401 "))
        // An empty password does not count as a password.
        #expect(
            stack.consumer().post("/api/login", .json(["email": "blank@example.com", "password": ""])).status == 422)

        let alice = stack.firstParty(generation.person)
        for (name, status) in [("Social", 200), ("Phone", 200), ("Nobody", 404)] {
            #expect(alice.get("/api/users?name=\(name)").status == status)
        }
        let unnamed = Person(id: "", name: "", email: "unnamed@example.com", password: Generation.password)
        #expect(stack.script(of: unnamed).get("/account").json?["user"]?["name"]?.text == unnamed.email)
        let nameless = Person(
            id: "", name: "nameless@example.com", email: "nameless@example.com", password: Generation.password)
        let script = stack.script(of: nameless)
        #expect(script.get("/account").json?["user"]?["name"]?.text == nameless.email)
        #expect(stack.browser(of: nameless).get("/account").text.contains("<bdi>nameless@example.com</bdi>"))
        #expect(
            stack.browser(of: nameless).get(stack.authorizeAddress(generation.confidential)).text.contains(
                "nameless@example.com"))
        let tokens = stack.tokens(nameless, generation.confidential)
        #expect(stack.token(stack.refreshment(tokens.refresh, generation.confidential)).status == 200)
    }

    @Test func `a $2a$ hash of another program is verified`() throws {
        let stack = try stack(Generation(name: "shopolder"))
        defer { stack.stop() }
        let older = Person(id: "", name: "Older", email: "older@example.com", password: Generation.password)
        #expect(stack.firstParty(older).bearer != nil)
        #expect(
            stack.consumer().post("/api/login", .json(["email": "older@example.com", "password": "wrong password"]))
                .status == 401)
    }

    @Test func `adopt and doctor count incomplete users, and undo leaves these users unchanged`() throws {
        let generation = Generation(name: "shopcounted")
        let stack = try stack(generation)
        defer { stack.stop() }
        let laravel = try Laravel("shopcounted")
        #expect(try laravel.consulate("doctor").output.contains("ok       \(Self.notes)\n"))
        #expect(try stack.console("adopt", "--undo").status == 0)
        let before = try generation.dump()
        #expect(try laravel.consulate("adopt", "--dry-run").output.contains("-- \(Self.notes)\n"))
        #expect(try laravel.consulate("adopt").output.contains("\(Self.notes)\n"))
        #expect(try laravel.consulate("adopt", "--undo").status == 0)
        #expect(try generation.dump() == before)
    }
}
