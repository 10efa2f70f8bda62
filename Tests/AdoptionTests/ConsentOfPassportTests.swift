import Cast
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// The consent that people gave at Passport, for which Consulate does not ask again.
///
/// Live tokens that Passport issued to a confidential client are a grant, as they were at Passport.
@Suite(.serialized) struct `Consent that was given at Passport` {
    private static let generation = Generation(name: "shopconsent")
    private static let stack: Stack = {
        do {
            try generation.make()
            return try generation.stack()
        } catch {
            fatalError("\(error)")
        }
    }()

    private var stack: Stack { Self.stack }
    private var alice: Person { Self.generation.person }
    private var web: Application { Self.generation.confidential }

    /// Restores the tokens of Passport and deletes everything that Consulate issued.
    private func reset() throws {
        _ = stack
        for statement in [
            "DELETE FROM oauth_auth_codes", "DELETE FROM oauth_refresh_tokens", "DELETE FROM oauth_refresh_families",
        ] {
            try Folder.mariaDB.query(statement, database: Self.generation.name)
        }
        try Folder.mariaDB.query(
            """
            DELETE FROM oauth_access_tokens WHERE family_id IS NOT NULL;
            UPDATE oauth_access_tokens SET revoked = 0, expires_at = '2036-11-20 10:00:00', client_id = '\(web.id)'
            """, database: Self.generation.name)
    }

    private func silent(
        _ person: Person, _ client: Application, scope: String = "place-orders", verifier: Verifier? = nil
    ) -> Answer {
        stack.browser(of: person).get(
            stack.authorizeAddress(client, ["prompt": "none"], verifier: verifier, scope: scope))
    }

    @Test func `a live token of a confidential client is a grant for its scopes`() throws {
        try reset()
        let answer = silent(alice, web)
        #expect(
            stack.token(stack.redemption(answer.located("code") ?? "", web)).status == 200,
            "\(answer.located("error") ?? "")")
        try reset()
        #expect(stack.browser(of: alice).get(stack.authorizeAddress(web)).located("code") != nil)
        try reset()
        #expect(silent(alice, web, scope: "place-orders check-status").located("error") == "consent_required")
        for change in ["revoked = 1", "expires_at = '2020-01-01'", "client_id = '\(Self.generation.native)'"] {
            try reset()
            try Folder.mariaDB.query("UPDATE oauth_access_tokens SET \(change)", database: Self.generation.name)
            #expect(silent(alice, web).located("error") == "consent_required", "\(change)")
        }
    }

    @Test func `a token of a public client, or of another user, is no grant`() throws {
        try reset()
        try Folder.mariaDB.query(
            "UPDATE oauth_access_tokens SET client_id = '\(Self.generation.native)'", database: Self.generation.name)
        let native = Application(id: Self.generation.native, secret: nil, redirectURI: "http://127.0.0.1/spa")
        #expect(silent(alice, native, verifier: Verifier()).located("error") == "consent_required")
        try reset()
        let grace = Person(id: "", name: "Grace", email: "grace@example.com", password: "four unrelated words")
        let body: JSON = [
            "name": .string(grace.name), "email": .string(grace.email), "password": .string(grace.password),
        ]
        #expect(stack.consumer().post("/api/users", .json(body)).status == 201)
        #expect(silent(grace, web).located("error") == "consent_required")
    }

    @Test func `a withdrawal ends the grant, even during a silent authorization`() throws {
        for round in 0..<8 {
            try reset()
            let (browser, script) = (stack.script(of: alice), stack.script(of: alice))
            let silent = browser.request("GET", stack.authorizeAddress(web, ["prompt": "none"]))
            let withdrawal = script.request("DELETE", "/account/applications/\(web.id)")
            let isFirst = round.isMultiple(of: 2)
            let answers = Wire.send(isFirst ? [silent, withdrawal] : [withdrawal, silent], to: stack.port)
            if let code = answers[isFirst ? 0 : 1]?.located("code") {
                #expect(stack.token(stack.redemption(code, web)).json?["error"] == "invalid_grant", "round \(round)")
            }
            #expect(self.silent(alice, web).located("error") == "consent_required", "round \(round)")
        }
    }
}
