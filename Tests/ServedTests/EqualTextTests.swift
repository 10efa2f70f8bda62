import Cast
import Cryptography
import Foundation
import HTTP
import MariaDB
import Storage
import Testing

@testable import AuthorizationServer

/// The comparison of text by code points, where the text decides something.
///
/// Text that people see must be visible.
@Suite struct `Equal text` {
    let stack = Stack.shared

    private func user(_ name: String) throws -> String {
        let email = "\(Random.alphanumeric(10).lowercased())@example.com"
        let connection = stack.connection()
        return try connection.change(.userCreated) { change in
            try UserRepository(connection).create(
                name: name, email: email, password: .bcrypt("x", cost: 4), in: change
            ).id.rawValue
        }
    }

    @Test func `names are found by code points, not by collation`() throws {
        let mark = Random.alphanumeric(8)
        let bearer = stack.consumer(bearer: stack.tokens(stack.ada, stack.web).access)
        func found(_ name: String) -> String? {
            bearer.get("/api/users?name=\(PercentEncoding.encode(name))").json?["id"].map { $0.compact }
        }
        let names = ["Curl 🦊", "Curl 🍣", "René", "Rene", "rene", "Ren\u{65}\u{301}", "Straße", "Strasse", "A\u{200c}B"]
        let ids = try names.map { try user($0 + mark) }
        for (name, id) in zip(names, ids) { #expect(found(name + mark) == id, "\(name)") }
        for stranger in ["Curl 🍕", "RENE", "Renè", "STRASSE", "AB"] {
            #expect(found(stranger + mark) == nil, "\(stranger)")
        }
        let spaced = try user("Trailing\(mark) ")
        #expect(found("Trailing\(mark)") != spaced)
    }

    @Test func `a name without a visible character, or with a hidden character, is refused wherever it is entered`() {
        let bearer = stack.firstParty(stack.ada)
        for (name, message) in [
            ("\u{3164}", "visible character"), ("Ada\u{200b}", "nobody sees"), ("\u{202e}adA", "nobody sees"),
        ] {
            let fields: JSON = [
                "name": .string(name), "email": "\(Random.alphanumeric(9))@example.com",
                "password": "four unrelated small words",
            ]
            #expect(stack.consumer().post("/api/users", .json(fields)).text.contains(message))
            #expect(
                bearer.post("/oauth/clients", .json(["name": .string(name), "redirect": "https://a.example"])).text
                    .contains(message))
            #expect(bearer.post("/oauth/personal-access-tokens", .json(["name": .string(name)])).text.contains(message))
        }
        let family: JSON = [
            "name": "👩‍👩‍👧‍👦", "email": .string("\(Random.alphanumeric(9))@example.com"),
            "password": "four unrelated small words",
        ]
        #expect(stack.consumer().post("/api/users", .json(family)).status == 201)
    }

    @Test func `the console refuses names and emails with hidden characters too`() throws {
        let email = "\(Random.alphanumeric(9))@example.com"
        #expect(
            try stack.console("user", "create", email, "--name", "\u{2800}", input: "four unrelated small words\n")
                .status == 1)
        #expect(
            try stack.console("user", "create", "a\u{200d}b@example.com", input: "four unrelated small words\n").status
                == 1)
        #expect(try stack.console("client", "--redirect", "https://a.example", "Shop\u{202e}").status == 1)
    }

    @Test func `an adopted user with hidden characters in name and email can sign in`() throws {
        let ada = stack.ada
        let email = "a\u{200d}\(ada.email)"
        try stack.connection().execute(
            "UPDATE users SET name = ?, email = ?, email_normal = NULL WHERE id = ?", "\u{202e}adA\u{200b}", email,
            ada.id)
        let answer = stack.consumer().post(
            "/api/login", .json(["email": .string(email), "password": .string(ada.password)]))
        #expect(answer.status == 200)
        #expect(
            stack.consumer().post(
                "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)])
            ).status == 401)
    }

    @Test func `the domain of an email is compared in its ASCII form, and different accents are different users`() {
        let mark = Random.alphanumeric(8).lowercased()
        func register(_ email: String) -> Answer {
            stack.consumer().post(
                "/api/users", .json(["name": "A", "email": .string(email), "password": "four unrelated small words"]))
        }
        func signIn(_ email: String) -> Int {
            stack.consumer().post(
                "/api/login", .json(["email": .string(email), "password": "four unrelated small words"])
            ).status
        }
        #expect(register("josé-\(mark)@bücher.example").status == 201)
        #expect(register("jose-\(mark)@bücher.example").status == 201)
        #expect(
            register("josé-\(mark)@xn--bcher-kva.example").json?["errors"]?["email"] == [
                "The email has already been taken."
            ])
        #expect(register("JOSÉ-\(mark)@BÜCHER.example").status == 422)
        #expect(signIn("josé-\(mark)@xn--bcher-kva.example") == 200 && signIn("José-\(mark)@BÜCHER.example") == 200)
        #expect(signIn("jośe-\(mark)@bücher.example") == 401)
    }

    @Test func `migrate computes the normal form of old emails, and their users can sign in before it`() throws {
        let old = Stack.start("oldrows")
        defer { old.stop() }
        let hash = PasswordHash.bcrypt("an old password", cost: 4).text
        let connection = old.connection()
        for email in ["Old@Example.com", "ol\u{e9}@b\u{fc}cher.example"] {
            try connection.execute("INSERT INTO users (name, email, password) VALUES ('Old', ?, ?)", email, hash)
        }
        func signIn(_ email: String) -> Int {
            old.consumer().post("/api/login", .json(["email": .string(email), "password": "an old password"])).status
        }
        #expect(signIn("old@example.com") == 200 && signIn("ole@b\u{fc}cher.example") == 401)
        #expect(try old.console("doctor").output.contains("consulate migrate"))
        #expect(try old.console("migrate").output.contains("computed the normal form of 2 email addresses"))
        #expect(old.count("SELECT COUNT(*) AS n FROM users WHERE email_normal = ?", "olé@xn--bcher-kva.example") == 1)
        #expect(signIn("old@example.com") == 200 && signIn("OLÉ@bücher.example") == 200)
        #expect(try old.console("doctor").output.contains("ok       emails"))
    }

    @Test
    func `passwords are hashed in NFC, old hashes of raw bytes match, and a long password is compared by 72 bytes`()
        throws
    {
        let (composed, decomposed) = ("pass\u{f6}rd of four words", "passo\u{308}rd of four words")
        let email = "\(Random.alphanumeric(9))@example.com"
        let fields: JSON = ["name": "A", "email": .string(email), "password": .string(decomposed)]
        #expect(stack.consumer().post("/api/users", .json(fields)).status == 201)
        func signIn(_ email: String, _ password: String) -> Int {
            stack.consumer().post("/api/login", .json(["email": .string(email), "password": .string(password)])).status
        }
        #expect(signIn(email, composed) == 200 && signIn(email, decomposed) == 200)
        let ada = stack.ada
        func store(_ password: String) throws {
            try stack.connection().execute(
                "UPDATE users SET password = ? WHERE id = ?", PasswordHash.bcrypt(password, cost: 4).text, ada.id)
        }
        try store(decomposed)
        #expect(signIn(ada.email, decomposed) == 200, "as Laravel has hashed it")
        let long = String(repeating: "long password ", count: 8)
        try store(long)
        #expect(signIn(ada.email, long) == 200 && signIn(ada.email, String(long.prefix(72)) + "something else") == 200)
        #expect(signIn(ada.email, String(long.prefix(71))) == 401)
        #expect(signIn(ada.email, long + String(repeating: "x", count: 3000)) == 200)
        let new: JSON = ["name": "A", "email": .string("x" + email), "password": .string(long)]
        #expect(
            stack.consumer().post("/api/users", .json(new)).json?["errors"]?["password"] == [
                "The password field must not be greater than 72 bytes."
            ])
    }
}
