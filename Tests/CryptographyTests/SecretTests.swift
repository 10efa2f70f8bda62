import Cryptography
import Testing

@Suite struct `Passwords` {
    @Test func `a bcrypt hash verifies only its own password`() {
        let hash = PasswordHash.bcrypt("correct horse", cost: 4)
        #expect(hash.text.wholeMatch(of: #/\$2y\$04\$[.\/A-Za-z0-9]{53}/#) != nil)
        #expect(hash.verifies("correct horse"))
        #expect(!hash.verifies("correct hors"))
        #expect(!hash.verifies("correct horse\u{0}"))
        #expect(PasswordHash.bcrypt("correct horse", cost: 4).text != hash.text)
        #expect(hash.needsRehash(cost: 5) && !hash.needsRehash(cost: 4))
    }

    @Test func `a hash from Laravel verifies, and so do hashes of $2b$, argon2id and argon2i`() {
        // From the public test vectors of OpenBSD's bcrypt and of the Argon2 reference
        // implementation.
        #expect(PasswordHash("$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW").verifies("U*U"))
        #expect(PasswordHash("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW").verifies("U*U"))
        let older = PasswordHash(
            "$argon2i$v=19$m=1024,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ZFUR26YmEYccKUjOs5VPfQXh5Enr6awa54i8zH48AkY")
        #expect(older.verifies("secret123") && !older.verifies("secret124"))
        let argon = PasswordHash(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
        #expect(argon.verifies("password"))
        #expect(!argon.verifies("differentpassword"))
    }

    @Test(arguments: [
        "", "plain", "*", "*0", "$2y$", "$2y$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "$1$salt$x",
        "$argon2id$nonsense",
        "$2y$05$short",
    ])
    func `a text that is not a hash verifies no password`(text: String) {
        #expect(!PasswordHash(text).verifies("U*U"))
        #expect(!PasswordHash(text).verifies(text))
    }

    @Test func `a missing or unknown hash verifies no password, and this takes as long as with a known hash`() throws {
        let hashing = PasswordHashing(cores: 1, limit: 1, cost: 9)
        let hash = try hashing.hash("anything")
        #expect(try hashing.verify("anything", against: hash))
        /// Returns the time of the fastest attempt, because other tests run on the same cores.
        func time(_ hash: PasswordHash?) throws -> Duration {
            try (0..<5).map { _ in
                let start = ContinuousClock.now
                let isRight = try hashing.verify("another", against: hash)
                #expect(!isRight)
                return start.duration(to: .now)
            }.min() ?? .zero
        }
        let wrong = try time(hash)
        for other in [nil, PasswordHash(""), PasswordHash("!"), PasswordHash("another")] {
            #expect(try time(other) > wrong / 3)
        }
    }
}

@Suite struct `Tokens and keys` {
    @Test func `a sortable id is hexadecimal and sorts by time`() {
        let ids = (0..<100).map { Random.sortableID(millisecondsSince1970: 1_795_000_000_000 + $0) }
        #expect(ids.sorted() == ids)
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.wholeMatch(of: #/[0-9a-f]{44}/#) != nil })
    }

    @Test func `a ULID has Laravel's form and sorts by time`() {
        let ids = (0..<100).map { Random.ulid(millisecondsSince1970: 1_795_000_000_000 + $0) }
        #expect(ids.sorted() == ids && Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.wholeMatch(of: #/[0-7][0-9a-hjkmnp-tv-z]{25}/#) != nil })
        // The example in the ULID specification.
        #expect(Random.ulid(millisecondsSince1970: 1_469_918_176_385).hasPrefix("01aryz6s41"))
    }

    @Test func `random values have their form and do not repeat`() {
        #expect(Random.token().count == 43)
        #expect(Random.alphanumeric(40).wholeMatch(of: #/[A-Za-z0-9]{40}/#) != nil)
        #expect(
            Random.uuid().wholeMatch(of: #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#) != nil
        )
        #expect(Set((0..<1000).map { _ in Random.uuid() }).count == 1000)
    }

    @Test func `an application key is 32 bytes in base64, and each purpose has its own key`() throws {
        let key = try #require(ApplicationKey(ApplicationKey.generate()))
        #expect(key.authenticate("x", for: .authorizationCode) != key.authenticate("x", for: .refreshToken))
        #expect(key.authenticate("x", for: .refreshToken) == key.authenticate("x", for: .refreshToken))
        for text in ["", "base64:", "base64:AAAA", "AAAA", "base64:!!!!"] { #expect(ApplicationKey(text) == nil) }
        // The form of the keys of Laravel 5.
        #expect(ApplicationKey("SomeRandomStringOf32Characters!!") != nil)
    }

    @Test func `equal texts compare equal, and different texts do not`() {
        #expect(Digest.areEqual("abc", "abc"))
        #expect(!Digest.areEqual("abc", "abd"))
        #expect(!Digest.areEqual("abc", "ab"))
    }

    @Test func `two texts of the same length compare equal only if every byte is equal`() {
        let texts = ["", "a", "b"].flatMap { one in
            "abcdefgh".flatMap { two in "@ABC`abc".map { one + "x\(two)\($0)" } }
        }
        for one in texts {
            for other in texts { #expect(Digest.areEqual(one, other) == (one == other), "\(one) and \(other)") }
        }
    }

    @Test func `a digest is SHA-256 in hexadecimal`() {
        #expect(Digest.hexadecimal("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
