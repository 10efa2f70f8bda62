import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// The second factors that Laravel Fortify asks some users for.
///
/// A sign-in at Consulate must not bypass them.
@Suite(.serialized) struct `A shop's second factors` {
    /// The columns that Fortify adds to `users`.
    ///
    /// Since 2021 they include the time when a factor was confirmed.
    enum Columns: String, CaseIterable {
        case secret, confirmed, unconfirmed

        var alteration: String {
            let secret = "ADD COLUMN two_factor_secret TEXT NULL, ADD COLUMN two_factor_recovery_codes TEXT NULL"
            return
                "ALTER TABLE users \(secret)\(self == .secret ? "" : ", ADD COLUMN two_factor_confirmed_at TIMESTAMP NULL");"
        }
    }

    private static let bob = Person(id: "2", name: "Bob", email: "bob@example.com", password: Generation.password)
    private static let carol = Person(id: "3", name: "Carol", email: "carol@example.com", password: Generation.password)

    /// Creates a shop with three users.
    ///
    /// Alice has no second factor, Bob has one, and Carol has begun to set up one.
    private func make(_ name: String, _ columns: Columns) throws -> Generation {
        let generation = Generation(name: name)
        try generation.make()
        try Folder.mariaDB.query(
            """
            \(columns.alteration)
            INSERT INTO users (id, name, email, password) SELECT 2, 'Bob', 'bob@example.com', password FROM users
                WHERE id = 1;
            INSERT INTO users (id, name, email, password) SELECT 3, 'Carol', 'carol@example.com', password FROM users
                WHERE id = 1;
            UPDATE users SET two_factor_secret = 'encrypted' WHERE id IN (2, 3);
            UPDATE users SET two_factor_secret = '' WHERE id = 1;
            \(columns == .confirmed ? "UPDATE users SET two_factor_confirmed_at = '2026-11-20 10:00:00' WHERE id = 2;" : "")
            """, database: name)
        return generation
    }

    private static let sentence = "This account has a second factor, which cannot be asked for here."

    @Test(arguments: Columns.allCases) func `a second factor is not bypassed, and only a right password reveals it`(
        columns: Columns
    ) throws {
        let generation = try make("shopfactor\(columns)", columns)
        let laravel = try Laravel(generation.name)
        #expect(try laravel.consulate("adopt", "--refuse-second-factors").status == 0)
        let stack = try generation.stack(["PASSWORD_GRANT": "true"])
        defer { stack.stop() }
        try Folder.mariaDB.query("UPDATE oauth_clients SET password_client = 1 WHERE id = 4", database: generation.name)
        func grant(_ person: Person, _ password: String) -> Answer {
            let client = generation.confidential
            return stack.token([
                "grant_type": "password", "username": person.email, "password": password, "client_id": client.id,
                "client_secret": client.secret ?? "",
            ])
        }
        func login(_ person: Person, _ password: String) -> Answer {
            stack.consumer().post("/api/login", .json(["email": .string(person.email), "password": .string(password)]))
        }
        // If the shop stores confirmations, a factor without a confirmation does not count.
        let refused = columns == .confirmed ? [Self.bob] : [Self.bob, Self.carol]
        for person in refused {
            let (api, token) = (login(person, person.password), grant(person, person.password))
            #expect(api.status == 403 && api.json?["message"]?.text == Self.sentence, "\(api.text)")
            #expect(
                token.status == 400 && token.json?["error"] == "invalid_grant"
                    && token.json?["error_description"]?.text == Self.sentence)
            let browser = stack.browser()
            let page = browser.signIn(person)
            #expect(page.status == 422 && page.text.contains("this account has a second factor"), "\(page.status)")
            #expect(browser.get("/account").status == 302)
            // With a wrong password they get the same answer as a person without an account.
            let nobody = Person(id: "", name: "", email: "nobody-\(person.email)", password: "")
            #expect(login(person, "wrong password").text == login(nobody, "wrong password").text)
            #expect(grant(person, "wrong password").text == grant(nobody, "wrong password").text)
            let (theirs, others) = (
                stack.browser().signIn(person, password: "wrong"), stack.browser().signIn(nobody, password: "wrong")
            )
            #expect(theirs.status == others.status && !theirs.text.contains("second factor"))
        }
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE user_id = ?", "2") == 0)
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_sessions WHERE user_id = ?", "2") == 0)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_audit_events WHERE user_id = ? AND detail = 'second factor'", "2") == 3
        )
        for person in [generation.person] + (columns == .confirmed ? [Self.carol] : []) {
            #expect(login(person, person.password).status == 200 && grant(person, person.password).status == 200)
            #expect(stack.browser(of: person).get("/account").status == 200)
        }
    }

    @Test func `a second factor that a shop adds later is not bypassed`() throws {
        let generation = Generation(name: "shopfactorlater")
        try generation.make()
        let stack = try generation.stack()
        defer { stack.stop() }
        let before = stack.firstParty(generation.person)
        #expect(before.bearer != nil)
        try Folder.mariaDB.query(
            "\(Columns.confirmed.alteration) UPDATE users SET two_factor_secret = 'encrypted'",
            database: generation.name)
        #expect(stack.firstParty(generation.person).bearer == nil)
        #expect(before.get("/api/users?name=Alice").status == 200)
    }

    @Test func `adopt counts second factors, and continues only with --refuse-second-factors`() throws {
        let generation = try make("shopfactors", .confirmed)
        let laravel = try Laravel("shopfactors")
        let before = try generation.dump()
        let sentence =
            "1 of the users have a second factor (Laravel Fortify), and could not sign in here: run `consulate adopt --refuse-second-factors` to accept that.\n"
        for command in ["adopt", "install"] {
            let refused = try laravel.consulate(command)
            #expect(refused.status != 0 && refused.error.hasSuffix(sentence), "\(command): \(refused.error)")
            #expect(refused.error.split(separator: "\n").count == 1)
            #expect(try generation.dump() == before)
        }
        let note =
            "second factors: 1 of the users have one (Laravel Fortify), which cannot be asked for here, so these users cannot sign in here\n"
        #expect(try laravel.consulate("adopt", "--dry-run").output.contains("-- \(note)"))
        let adopted = try laravel.consulate("adopt", "--refuse-second-factors")
        #expect(adopted.status == 0 && adopted.output.contains(note), "\(adopted.error)")
        #expect(try laravel.consulate("doctor").output.contains("ok       \(note)"))
        #expect(try laravel.consulate("adopt").status == 0)
        #expect(try laravel.consulate("adopt", "--undo").status == 0)
        #expect(try generation.dump() == before)
    }
}
