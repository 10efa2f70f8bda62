import Cast
import Cryptography
import Foundation
import HTTP
import MariaDB
import Synchronization
import Testing

/// Consulate with the tables, the keys and the `APP_KEY` of a Passport 12 that has been running.
///
/// Nobody notices the change.
@Suite(.serialized) struct `After moving in with a running Passport 12` {
    private static let stack = Passport12.stack(
        "passport12", ["PASSWORD_GRANT": "true", "REFRESH_OVERLAP": "300", "BCRYPT_ROUNDS": "12"])

    private var stack: Stack { Self.stack }

    // MARK: - Access tokens

    @Test(arguments: ["authorization_code", "after_rotation", "public_pkce", "personal_access"])
    func `Passport's access tokens are accepted`(name: String) throws {
        let token = Passport12.accessToken(name)
        #expect(stack.bearerStatus(token) == 404)
        #expect(stack.consumer(bearer: token).get("/api/users?name=Alice").json?["email"]?.text == "alice@example.com")
        let verified = Consumer(stack.directPort, bearer: token).get("/oauth/verify")
        #expect(verified.status == 204 && verified["X-User-Id"] == "1")
        #expect(verified["X-Scopes"] == scopes(ofRowOf: token))
    }

    private func scopes(ofRowOf token: String) -> String? {
        guard case .array(let scopes)? = claims(token)?["scopes"] else { return nil }
        return scopes.compactMap(\.text).joined(separator: " ")
    }

    @Test func `an access token that Passport had rotated is refused`() {
        #expect(stack.bearerStatus(Passport12.accessToken("already_rotated")) == 401)
    }

    @Test func `a client_credentials token belongs to no user`() throws {
        let token = Passport12.accessToken("client_credentials")
        #expect(claims(token)?["sub"]?.text == "")
        #expect(stack.bearerStatus(token) == 401)
        let verified = Consumer(stack.directPort, bearer: token).get("/oauth/verify")
        #expect(verified.status == 204 && verified["X-User-Id"] == nil && verified["X-Client-Id"] == "3")
        let ours = stack.token([
            "grant_type": "client_credentials", "client_id": "3", "client_secret": Passport12.machine.secret ?? "",
        ])
        let issued = try #require(ours.json?["access_token"]?.text)
        #expect(claims(issued)?["sub"]?.text == "" && claims(issued)?["aud"]?.text == "3")
        #expect(stack.bearerStatus(issued) == 401)
    }

    @Test func `a token that was tampered with, or that another key signed, is refused`() throws {
        let token = Passport12.accessToken("authorization_code")
        #expect(stack.bearerStatus(String(token.dropLast(8)) + "AAAAAAAA") == 401)
        let parts = token.split(separator: ".")
        let key = try SigningKey(pem: SigningKey.generate(.rs256))
        let forged = try key.sign(Array("\(parts[0]).\(parts[1])".utf8))
        #expect(stack.bearerStatus("\(parts[0]).\(parts[1]).\(Base64URL.encode(forged))") == 401)
    }

    @Test func `the next request refuses a token that Passport revoked, and Passport sees our revocations`() throws {
        let tokens = stack.tokens(Passport12.alice, Passport12.web)
        let id = try #require(claims(tokens.access)?["jti"]?.text)
        #expect(stack.bearerStatus(tokens.access) == 404)
        // Passport's `DELETE /oauth/tokens/{token_id}` runs these statements.
        try stack.connection().execute("UPDATE oauth_access_tokens SET revoked = 1 WHERE id = ?", id)
        try stack.connection().execute("UPDATE oauth_refresh_tokens SET revoked = 1 WHERE access_token_id = ?", id)
        #expect(stack.bearerStatus(tokens.access) == 401)
        #expect(stack.token(stack.refreshment(tokens.refresh, Passport12.web)).json?["error"] == "invalid_grant")

        let others = stack.tokens(Passport12.alice, Passport12.web)
        let rotated = stack.token(stack.refreshment(others.refresh, Passport12.web)).json
        let again = try #require(rotated?["refresh_token"]?.text)
        #expect(stack.token(stack.refreshment(again, Passport12.web)).status == 200)
        try Passport12.letTimePass(in: stack)
        // A replay ends the family. Passport sees this in the rows.
        #expect(stack.token(stack.refreshment(others.refresh, Passport12.web)).json?["error"] == "invalid_grant")
        let family = try #require(
            try stack.connection().row(
                "SELECT family_id FROM oauth_access_tokens WHERE id = ?", claims(others.access)?["jti"]?.text)
        )
        .text("family_id")
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE family_id = ? AND revoked = 0", family)
                == 0)
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_refresh_tokens WHERE family_id = ? AND revoked = 0", family)
                == 0)
    }

    // MARK: - Refresh tokens and codes that Passport issued

    @Test(arguments: [("authorization_code", "4"), ("after_rotation", "4"), ("public_pkce", "5")])
    func `a refresh token of Passport works once and is replaced by one of Consulate`(name: String, id: String) throws {
        let client = id == "4" ? Passport12.web : Passport12.native
        let presented = Passport12.refreshToken(name)
        #expect(
            stack.token(stack.refreshment(presented, id == "4" ? Passport12.native : Passport12.web)).json?["error"]
                == "invalid_grant")
        let answer = stack.token(stack.refreshment(presented, client))
        let (access, refresh) = (
            try #require(answer.json?["access_token"]?.text), try #require(answer.json?["refresh_token"]?.text)
        )
        #expect(answer.json?["scope"]?.text == scopes(ofRowOf: Passport12.accessToken(name)))
        #expect(!refresh.hasPrefix("def50200"))
        #expect(claims(access)?["sub"]?.text == "1" && stack.bearerStatus(access) == 404)
        // A client that lost the answer gets the same answer again.
        let again = stack.token(stack.refreshment(presented, client))
        #expect(again.json?["refresh_token"]?.text == refresh)
        let next = stack.token(stack.refreshment(refresh, client)).json?["refresh_token"]?.text
        try Passport12.letTimePass(in: stack)
        #expect(stack.token(stack.refreshment(presented, client)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.refreshment(next ?? "", client)).json?["error"] == "invalid_grant")
    }

    @Test func `sixteen requests with one refresh token of Passport get the same successor`() throws {
        let token = try Passport12.issueRefreshToken(in: stack)
        let successors = Mutex(Set<String>())
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            var answer = stack.token(stack.refreshment(token, Passport12.web))
            for _ in 0..<100 where answer.status == 503 {
                usleep(50_000)
                answer = stack.token(stack.refreshment(token, Passport12.web))
            }
            if let successor = answer.json?["refresh_token"]?.text {
                successors.withLock { _ = $0.insert(successor) }
            } else {
                failures.withLock { $0.append(answer.text) }
            }
        }
        #expect(successors.withLock(\.count) == 1)
        let id = Passport12.rowID(of: token)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_refresh_tokens WHERE id = ? AND revoked = 1 AND family_id IS NOT NULL",
                id) == 1)
        #expect(failures.withLock { $0 } == [])
    }

    @Test func `a refresh token is refused if Passport rotated it, if it has expired, or if its row is missing`() throws
    {
        #expect(
            stack.token(stack.refreshment(Passport12.refreshToken("already_rotated"), Passport12.web)).json?["error"]
                == "invalid_grant")
        let expired = try Passport12.issueRefreshToken(in: stack, expiresIn: -1)
        #expect(stack.token(stack.refreshment(expired, Passport12.web)).json?["error"] == "invalid_grant")
        let purged = try Passport12.issueRefreshToken(in: stack)
        try stack.connection().execute("DELETE FROM oauth_refresh_tokens WHERE id = ?", Passport12.rowID(of: purged))
        #expect(stack.token(stack.refreshment(purged, Passport12.web)).json?["error"] == "invalid_grant")
    }

    @Test func `a refresh token works even if Passport has purged its access token`() throws {
        let token = try Passport12.issueRefreshToken(in: stack)
        try stack.connection().execute(
            "DELETE t FROM oauth_access_tokens t JOIN oauth_refresh_tokens r ON r.access_token_id = t.id WHERE r.id = ?",
            Passport12.rowID(of: token))
        #expect(stack.token(stack.refreshment(token, Passport12.web)).status == 200)
    }

    @Test func `after a change of APP_KEY, Passport's refresh tokens need APP_PREVIOUS_KEYS`() throws {
        let token = try Passport12.issueRefreshToken(in: stack)
        let shared = ["TOKEN_PROFILE": "passport", "KEYS_PATH": stack.environment["KEYS_PATH"] ?? ""]
        let forgetful = stack.again(shared.merging(["APP_KEY": ApplicationKey.generate()]) { $1 })
        defer { forgetful.stop() }
        #expect(forgetful.token(forgetful.refreshment(token, Passport12.web)).json?["error"] == "invalid_grant")
        let after = stack.again(
            shared.merging(["APP_KEY": ApplicationKey.generate(), "APP_PREVIOUS_KEYS": Passport12.applicationKey]) {
                $1
            })
        defer { after.stop() }
        #expect(after.token(after.refreshment(token, Passport12.web)).status == 200)
    }

    @Test func `garbage that begins with def50200 is limited, and does not delay other requests`() throws {
        let token = Passport12.accessToken("personal_access")
        let garbage = "def50200" + Hexadecimal.encode(Random.bytes(300))
        let isOver = Mutex(false)
        let statuses = Mutex<[Int: Int]>([:])
        let senders = DispatchGroup()
        for sender in 1...8 {
            DispatchQueue.global().async(group: senders) {
                while !isOver.withLock({ $0 }) {
                    let request = stack.consumer().request(
                        "POST", "/oauth/token", .form(stack.refreshment(garbage, Passport12.native)))
                    let status = Wire.send(request, to: stack.port, from: "127.0.7.\(sender)")?.status ?? 0
                    statuses.withLock { $0[status, default: 0] += 1 }
                }
            }
        }
        var slowest = Duration.zero
        for _ in 0..<100 {
            let start = ContinuousClock.now
            #expect(stack.bearerStatus(token) == 404)
            slowest = max(slowest, start.duration(to: .now))
        }
        for _ in 0..<12_000 where statuses.withLock({ $0[429, default: 0] }) == 0 { usleep(10_000) }
        isOver.withLock { $0 = true }
        senders.wait()
        #expect(slowest < .seconds(3), "\(slowest)")
        let counts = statuses.withLock { $0 }
        #expect(Set(counts.keys).isSubset(of: [400, 429, 503]), "\(counts)")
        #expect(counts[400, default: 0] <= 8 * 60 && counts[429, default: 0] > 0, "\(counts)")
        let form = stack.refreshment("def50200" + String(repeating: "zz", count: 200), Passport12.native)
        #expect(stack.token(form).json?["error"] == "invalid_grant")
    }

    @Test
    func `attempts with def50200 are counted for confidential clients too, and given back where tokens were issued`()
        throws
    {
        // All clients of one owner are counted together.
        let key = try stack.storedForm(ofCacheKey: "ciphertexts:user-\(Passport12.alice.id)|127.0.0.1")
        func count() -> Int { stack.count("SELECT value AS n FROM oauth_cache WHERE cache_key = ?", key) }
        let garbage = stack.refreshment("def50200" + Hexadecimal.encode(Random.bytes(300)), Passport12.web)
        #expect(stack.token(garbage).json?["error"] == "invalid_grant")
        #expect(
            stack.token(stack.refreshment("def50200" + Hexadecimal.encode(Random.bytes(300)), Passport12.native)).status
                == 400)
        let before = count()
        #expect(before >= 2)
        #expect(
            stack.token(stack.refreshment(try Passport12.issueRefreshToken(in: stack), Passport12.web)).status == 200)
        #expect(count() == before)
        try stack.connection().execute(
            "UPDATE oauth_cache SET value = 60, expires_at = UTC_TIMESTAMP() + INTERVAL 60 SECOND WHERE cache_key = ?",
            key)
        #expect(stack.token(garbage).status == 429)
        try stack.connection().execute("DELETE FROM oauth_cache WHERE cache_key = ?", key)
    }

    @Test func `def50200 is read only where a Passport was adopted`() throws {
        let (own, web) = (Stack.shared, Stack.shared.web)
        let answers = Wire.send(
            Array(
                repeating: own.consumer().request(
                    "POST", "/oauth/token",
                    .form(own.refreshment("def50200" + Hexadecimal.encode(Random.bytes(300)), web))), count: 70),
            to: own.port
        )
        #expect(answers.allSatisfy { $0?.json?["error"] == "invalid_grant" })
        let key = try own.storedForm(ofCacheKey: "ciphertexts:\(web.id)|127.0.0.1")
        #expect(own.count("SELECT COUNT(*) AS n FROM oauth_cache WHERE cache_key = ?", key) == 0)
    }

    @Test func `a code that Passport issued is redeemed once, with the clock of that day`() throws {
        let own = Passport12.stack("codes12")
        defer { own.stop() }
        let code = try #require(Passport12.issued["unredeemed_code"]?["code"]?.text)
        #expect(own.token(own.redemption(code, Passport12.web)).json?["error"] == "invalid_grant")
        for responder in own.responders { responder.end() }
        let thatDay = try own.responder(withClock: ["FAKETIME": "@2026-11-23 20:00:00"])
        defer { thatDay.end() }
        own.waitForResponder()
        var elsewhere = own.redemption(code, Passport12.web)
        elsewhere.pairs.removeAll { $0.name == "redirect_uri" }
        elsewhere.append("redirect_uri", "http://localhost:9999/other")
        #expect(own.token(elsewhere).status == 400)
        #expect(own.token(own.redemption(code, Passport12.native)).json?["error"] == "invalid_grant")
        let first = own.token(own.redemption(code, Passport12.web))
        let access = try #require(first.json?["access_token"]?.text)
        #expect(own.bearerStatus(access) == 404)
        #expect(own.token(own.redemption(code, Passport12.web)).json?["error"] == "invalid_grant")
        #expect(own.bearerStatus(access) == 401)
    }

    /// Issues a code as Passport does, with its row.
    private func codeOfPassport(
        _ challenge: String? = nil, method: String? = nil, scopes: [String] = ["place-orders"], expiresIn: Int = 600
    ) throws
        -> String
    {
        let id = Hexadecimal.encode(Random.bytes(40))
        try stack.connection().execute(
            "INSERT INTO oauth_auth_codes (id, user_id, client_id, scopes, revoked, expires_at) VALUES (?, 1, 4, ?, 0, ?)",
            id,
            JSON(scopes).compact, Stack.now + 600)
        let payload: JSON = [
            "client_id": "4", "redirect_uri": .string(Passport12.web.redirectURI), "auth_code_id": .string(id),
            "scopes": JSON(scopes),
            "user_id": .integer(1), "expire_time": .integer((Stack.now + expiresIn).seconds),
            "code_challenge": JSON(challenge),
            "code_challenge_method": JSON(method),
        ]
        return try Passport12.encrypt(payload)
    }

    @Test func `only one of sixteen redemptions of the same code succeeds`() throws {
        let code = try codeOfPassport()
        let answers = Mutex<[Int: Int]>([:])
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            var status = 503
            for _ in 0..<1000 where status == 503 {
                status = stack.token(stack.redemption(code, Passport12.web)).status
            }
            answers.withLock { $0[status, default: 0] += 1 }
        }
        #expect(answers.withLock { $0 } == [200: 1, 400: 15])
    }

    @Test(arguments: ["S256", "plain"]) func `a code of Passport needs its verifier, by the method of the request`(
        method: String
    ) throws {
        let verifier = Verifier()
        let code = try codeOfPassport(method == "plain" ? verifier.text : verifier.challenge, method: method)
        #expect(stack.token(stack.redemption(code, Passport12.web)).json?["error"] == "invalid_request")
        #expect(
            stack.token(stack.redemption(code, Passport12.web, verifier: Verifier())).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption(code, Passport12.web, verifier: verifier)).status == 200)
    }

    @Test func `the scope * in a code of Passport is not in the tokens that the code gives`() throws {
        let answer = stack.token(stack.redemption(try codeOfPassport(scopes: ["*", "place-orders"]), Passport12.web))
            .json
        #expect(answer?["scope"] == "place-orders")
        let token = try #require(answer?["access_token"]?.text)
        #expect(claims(token)?["scopes"] == JSON(["place-orders"]))
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE id = ? AND scopes LIKE '%*%'",
                claims(token)?["jti"]?.text ?? "") == 0)
        let again = stack.token(stack.refreshment(answer?["refresh_token"]?.text ?? "", Passport12.web)).json
        #expect(again?["scope"] == "place-orders")
    }

    @Test func `a code that has expired is refused even if its row has not expired`() throws {
        let code = try codeOfPassport(expiresIn: -1)
        #expect(stack.token(stack.redemption(code, Passport12.web)).json?["error"] == "invalid_grant")
    }

    // MARK: - People, clients and their secrets

    @Test(arguments: [Passport12.alice, Passport12.bob]) func `the users sign in with their passwords`(person: Person) {
        #expect(stack.browser(of: person).get("/account").text.contains(person.name))
        #expect(stack.bearerStatus(stack.firstParty(person).bearer ?? "") == 404)
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM users WHERE id = ? AND password LIKE '$2y$12$%'", person.id) == 1)
    }

    @Test func `a user's password and a client's secret that Laravel hashed with argon2id are accepted`() throws {
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        let (grace, machine) = (stack.grace, stack.client("Argon", redirect: "", grants: [.clientCredentials]))
        try stack.connection().execute("UPDATE users SET password = ? WHERE id = ?", hash, grace.id)
        try stack.connection().execute("UPDATE oauth_clients SET secret = ? WHERE id = ?", hash, machine.id)
        let person = Person(id: grace.id, name: grace.name, email: grace.email, password: "password")
        #expect(stack.bearerStatus(stack.firstParty(person).bearer ?? "") == 404)
        #expect(stack.firstParty(grace).bearer == nil)
        #expect(
            stack.token(["grant_type": "client_credentials", "client_id": machine.id, "client_secret": "password"])
                .status == 200)
    }

    @Test func `Passport's password client gets tokens for users`() {
        let answer = stack.token([
            "grant_type": "password", "client_id": "2", "client_secret": Passport12.issued["clients"]?["2"]?.text ?? "",
            "username": "alice@example.com", "password": "secret123", "scope": "place-orders",
        ])
        #expect(answer.json?["refresh_token"]?.text != nil)
    }

    @Test(arguments: [Passport12.web, Passport12.hashed]) func `secrets stored plain or hashed work, and no others`(
        client: Application
    ) {
        func status(_ secret: String) -> Int {
            stack.token(["grant_type": "client_credentials", "client_id": client.id, "client_secret": secret]).status
        }
        #expect(status(client.secret ?? "") == 200)
        #expect(status((client.secret ?? "") + "x") == 401)
        #expect(status(Passport12.issued["clients"]?[client.id]?.text ?? "") == (client.id == "19" ? 401 : 200))
    }

    @Test
    func `a machine does not wait for a slow hash at each request, and a replaced secret is refused at once`()
        throws
    {
        let plain = Random.alphanumeric(40)
        let machine = stack.client("Slow", redirect: "", grants: [.clientCredentials])
        let cost = ContinuousClock().measure { _ = PasswordHash.bcrypt(plain, cost: 12) }
        try stack.connection().execute(
            "UPDATE oauth_clients SET secret = ? WHERE id = ?", PasswordHash.bcrypt(plain, cost: 12).text, machine.id)
        let form: Form = ["grant_type": "client_credentials", "client_id": machine.id, "client_secret": plain]
        let taken = ContinuousClock().measure { for _ in 0..<60 { #expect(stack.token(form).status == 200) } }
        #expect(taken < cost * 30, "\(taken) for sixty, and \(cost) for one hash")
        try stack.connection().execute(
            "UPDATE oauth_clients SET secret = ? WHERE id = ?", PasswordHash.bcrypt("another", cost: 4).text, machine.id
        )
        #expect(stack.token(form).status == 401)
    }

    @Test(arguments: ["3abc", "03", "3 3", "3.0", "0x3", "+3", "3e0", "３"]) func `client_id=3abc is not client 3`(
        id: String
    ) {
        let form: Form = [
            "grant_type": "client_credentials", "client_id": id, "client_secret": Passport12.machine.secret ?? "",
        ]
        #expect(stack.token(form).json?["error"] == "invalid_client")
        let web = Application(
            id: id.replacing("3", with: "4").replacing("３", with: "４"), secret: nil,
            redirectURI: Passport12.web.redirectURI)
        #expect(stack.script(of: Passport12.bob).get(stack.authorizeAddress(web)).status == 400)
        #expect(
            stack.script(of: Passport12.alice).delete("/oauth/clients/\(PercentEncoding.encode(web.id))").status == 404)
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_clients WHERE id = 4 AND name <> ? AND revoked = 0", "") == 1)
    }

    @Test func `a client of another provider is unknown, because user 1 of its table is another person`() throws {
        let stack = Passport12.stack("providers12")
        defer { stack.stop() }
        let tokens = stack.tokens(Passport12.alice, Passport12.web)
        #expect(stack.bearerStatus(tokens.access) == 404)
        try stack.connection().execute("UPDATE oauth_clients SET provider = 'admins' WHERE id = 4")
        #expect(stack.bearerStatus(tokens.access) == 401)
        #expect(stack.bearerStatus(Passport12.accessToken("authorization_code")) == 401)
        #expect(stack.token(stack.refreshment(tokens.refresh, Passport12.web)).json?["error"] == "invalid_client")
        let script = stack.script(of: Passport12.alice)
        #expect(script.get(stack.authorizeAddress(Passport12.web)).status == 400)
        #expect(script.get("/oauth/tokens").json.map(ids)?.isEmpty == false)
        #expect(!script.get("/oauth/tokens").text.contains(claims(tokens.access)?["jti"]?.text ?? "?"))
        #expect(script.get("/oauth/clients").json.map(ids)?.contains("4") == false)
        try stack.connection().execute("UPDATE oauth_clients SET provider = 'users' WHERE id = 4")
        #expect(stack.bearerStatus(tokens.access) == 404)
    }

    @Test func `guesses at a secret with a slow hash are limited, and the right secret still works`() throws {
        let machine = stack.client("Guessed", redirect: "", grants: [.clientCredentials])
        try stack.connection().execute(
            "UPDATE oauth_clients SET secret = ? WHERE id = ?", PasswordHash.bcrypt("a secret", cost: 4).text,
            machine.id)
        func statuses(_ secret: String, _ count: Int) -> [Int] {
            (0..<count).map { _ in
                stack.token(["grant_type": "client_credentials", "client_id": machine.id, "client_secret": secret])
                    .status
            }
        }
        // Each responder has its own memory. A cluster has three responders.
        #expect(statuses("a secret", 30).allSatisfy { $0 == 200 })
        #expect(statuses("another", 12) == Array(repeating: 401, count: 10) + [429, 429])
        #expect(statuses("a secret", 20).allSatisfy { $0 == 200 })
    }

    @Test func `a stored hash that cannot be verified is not accepted as the secret`() throws {
        let machine = stack.client("Old", redirect: "", grants: [.clientCredentials])
        let stored = "$2a$10$zacMSqyOF3IxupLYzglhvOmKwKSOTDi5TT.kk1wqy8ewMp8mYSIW6"
        try stack.connection().execute("UPDATE oauth_clients SET secret = ? WHERE id = ?", stored, machine.id)
        #expect(
            stack.token(["grant_type": "client_credentials", "client_id": machine.id, "client_secret": stored]).status
                == 401)
    }

    // MARK: - Lists

    @Test func `clients, tokens and personal tokens are listed as Passport listed them`() throws {
        let script = stack.script(of: Passport12.bob)
        try stack.connection().execute(
            """
            INSERT INTO oauth_access_tokens (id, user_id, client_id, name, scopes, revoked, created_at, updated_at,
                expires_at)
            SELECT CONCAT('b-', id), 2, client_id, name, scopes, revoked, created_at, updated_at, expires_at
                FROM oauth_access_tokens
            WHERE user_id = 1 AND client_id IN (1, 4, 5) AND family_id IS NULL AND created_at < '2026-11-24'
            """)
        try stack.connection().execute("UPDATE oauth_clients SET user_id = 2 WHERE id IN (6, 7, 8, 18)")
        let clients = try #require(script.get("/oauth/clients").json)
        #expect(
            ids(clients)
                == (try column("SELECT id FROM oauth_clients WHERE user_id = 2 AND revoked = 0 ORDER BY name, id")))
        #expect(
            names(clients) == [
                "id", "user_id", "name", "provider", "redirect", "personal_access_client", "password_client", "revoked",
                "created_at", "updated_at",
            ])
        let tokens = try #require(script.get("/oauth/tokens").json)
        #expect(
            Set(ids(tokens))
                == Set(
                    try column(
                        "SELECT id FROM oauth_access_tokens WHERE user_id = 2 AND client_id IN (4, 5) AND revoked = 0 AND expires_at > NOW()"
                    ))
        )
        #expect(
            names(tokens) == [
                "id", "user_id", "client_id", "name", "scopes", "revoked", "created_at", "updated_at", "expires_at",
                "client",
            ])
        let personal = try #require(script.get("/oauth/personal-access-tokens").json)
        #expect(!ids(personal).isEmpty)
        #expect(
            names(personal) == [
                "id", "user_id", "client_id", "name", "scopes", "revoked", "created_at", "updated_at", "expires_at",
                "client",
            ])
        #expect(
            Set(ids(personal))
                == Set(
                    try column("SELECT id FROM oauth_access_tokens WHERE user_id = 2 AND client_id = 1 AND revoked = 0")
                ))
        guard case .array(let listed) = tokens, let first = listed.first else { return #expect(Bool(false)) }
        #expect(
            first["user_id"] == .integer(2)
                && first["client_id"].map { [.integer(4), .integer(5)].contains($0) } == true)
        #expect(first["client"]?["id"] == first["client_id"])
    }

    private func ids(_ list: JSON) -> [String] {
        guard case .array(let values) = list else { return [] }
        return values.compactMap { $0["id"] }.map { $0.text ?? $0.compact }
    }

    private func names(_ list: JSON) -> [String] {
        guard case .array(let values) = list, case .object(let members)? = values.first else { return [] }
        return members.map(\.name)
    }

    private func column(_ sql: SQL) throws -> [String] {
        try stack.connection().rows(sql).map { try $0.text("id") }
    }

    @Test func `new personal tokens belong to Passport's own client, and new clients have a number as id`() throws {
        let script = stack.script(of: Passport12.alice)
        let made = script.post("/oauth/personal-access-tokens", .json(["name": "script", "scopes": ["place-orders"]]))
        #expect(made.json?["token"]?["client_id"] == .integer(1))
        #expect(stack.bearerStatus(made.json?["accessToken"]?.text ?? "") == 404)
        let client = script.post(
            "/oauth/clients", .json(["name": "Orchard", "redirect": "https://orchard.example/callback"]))
        guard case .integer(let id)? = client.json?["id"] else { return #expect(Bool(false), "\(client.text)") }
        #expect(script.delete("/oauth/clients/\(id)").status == 204)
    }
}
