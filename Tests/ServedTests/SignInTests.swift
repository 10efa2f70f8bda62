import Cast
import Cryptography
import HTTP
import Testing

/// Sessions, registration, `POST /api/login`, and the protection against guessers.
@Suite struct `Signing in` {
    let stack = Stack.shared

    @Test func `signing in renews the session id, and only this server can read the cookie`() throws {
        let (ada, browser) = (stack.ada, stack.browser())
        browser.get("/login")
        let before = try #require(browser.cookies["consulate_session"])
        let answer = browser.signIn(ada)
        #expect(answer.status == 303)
        #expect(answer["Location"] == "/account")
        let cookie = try #require(answer.fields.first { $0.value.hasPrefix("consulate_session=") }?.value)
        #expect(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"))
        #expect(!cookie.contains(before))
        #expect(browser.get("/account").text.contains(ada.email))
    }

    @Test func `a session that was planted before the sign-in is not signed in afterwards`() {
        let (ada, victim, attacker) = (stack.ada, stack.browser(), stack.browser())
        attacker.get("/login")
        victim.cookies = attacker.cookies
        victim.signIn(ada)
        #expect(attacker.get("/oauth/clients").status == 302)
    }

    @Test func `signing in again ends the session that the browser had`() {
        let (ada, old) = (stack.ada, stack.browser())
        let browser = stack.browser(of: ada)
        old.cookies = browser.cookies
        browser.post(
            "/login", .form(["_token": browser.csrfToken ?? "", "email": ada.email, "password": ada.password]))
        #expect(browser.get("/oauth/clients").status == 200)
        #expect(old.get("/oauth/clients").status == 302)
    }

    @Test func `signing out ends the session on the server`() {
        let browser = stack.browser(of: stack.ada)
        let stolen = stack.browser()
        stolen.cookies = browser.cookies
        #expect(stolen.get("/oauth/clients").status == 200)
        let answer = browser.post("/logout", .form(["_token": browser.csrfToken ?? ""]))
        #expect(answer.status == 303)
        #expect(stolen.get("/oauth/clients").status == 302)
        #expect(browser.cookies["consulate_session"] == nil)
    }

    @Test func `over https cookies are Secure and have the prefix __Host-`() {
        let secure = Stack.start("secure", settings: ["APP_URL": "https://id.example"])
        defer { secure.stop() }
        let answer = secure.browser().get("/login")
        let cookie = answer.fields.first { $0.value.hasPrefix("__Host-consulate_session=") }?.value
        #expect(cookie?.contains("; Secure") == true)
        #expect(
            secure.consumer().get("/.well-known/oauth-authorization-server").json?["issuer"] == "https://id.example")
    }

    @Test func `POST login, register and logout without their CSRF token are 419`() {
        let ada = stack.ada
        for path in ["/login", "/register", "/logout"] {
            #expect(stack.consumer().post(path, .form(["email": ada.email, "password": ada.password])).status == 419)
            #expect(stack.browser().post(path, .form(["email": ada.email, "password": ada.password])).status == 419)
        }
    }

    @Test(arguments: ["/login", "/register", "/logout", "/nowhere"])
    func `a form of another site, which sends no cookie, does not delete the session cookie`(path: String) {
        let stranger = stack.browser()
        let answer = stranger.post(path, .form(["email": "ada@example.com", "password": "x"]))
        #expect([404, 419].contains(answer.status))
        #expect(!answer.fields.contains { $0.name.lowercased() == "set-cookie" })
    }

    @Test(arguments: [
        #"/oauth/assets/\..\..\other"#, "/oauth/assets/..", "/oauth/clients/%2e%2e/secret", "/oauth/tokens/..",
        "/account#x",
        "/account/clients/../edit", "/oauth/assets/style.css",
    ]) func `a return address that a browser would read as another address is ignored`(returnTo: String) {
        let page = stack.browser().get("/login?" + Form(dictionaryLiteral: ("return_to", returnTo)).encoded)
        #expect(page.status == 200 && page.hidden("return_to") == "")
    }

    @Test func `the language of ui_locales stays after a failed sign-in`() {
        let browser = stack.browser()
        let page = browser.get("/login?ui_locales=de")
        #expect(page["Content-Language"] == "de")
        let again = browser.post(
            "/login",
            .form([
                "_token": page.hidden("_token") ?? "", "ui_locales": page.hidden("ui_locales") ?? "",
                "email": "x@example.com", "password": "x",
            ]))
        #expect(again.status == 422 && again["Content-Language"] == "de" && again.hidden("ui_locales") == "de")
    }

    @Test func `a wrong password shows the page again, with the email and without the password`() {
        let (ada, browser) = (stack.ada, stack.browser())
        let answer = browser.signIn(ada, password: "not this one")
        #expect(answer.status == 422)
        #expect(answer.text.contains(ada.email))
        #expect(answer.text.contains("do not match"))
        #expect(!answer.text.contains("not this one"))
        #expect(browser.get("/oauth/clients").status == 302)
    }

    @Test(arguments: [
        "//evil.example", "https://evil.example", "/\\evil.example", "/login", "javascript:alert(1)", "/nowhere",
        "/oauth/authorize\r\nX: y",
    ])
    func `signing in does not redirect to a foreign or unknown address`(address: String) {
        let (ada, browser) = (stack.ada, stack.browser())
        browser.get("/login")
        let answer = browser.post(
            "/login",
            .form([
                "_token": browser.cookies["XSRF-TOKEN"] ?? "", "email": ada.email, "password": ada.password,
                "return_to": address,
            ]))
        #expect(answer.status == 303)
        #expect(answer["Location"] == "/account")
    }

    @Test(arguments: ["/login", "/register"])
    func `a form that is older than the session of another tab continues with the session, and is no defect`(
        path: String
    ) throws {
        let tabs = Stack.start("tabs\(path.dropFirst())")
        defer { tabs.stop() }
        let (ada, browser) = (tabs.ada, tabs.browser())
        let form = browser.get("\(path)?return_to=/account/password")
        browser.signIn(ada, on: browser.get("/login"))
        let answer = browser.post(
            path, .form(["_token": form.hidden("_token") ?? "", "return_to": "/account/password", "email": "x"]))
        #expect(answer.status == 303 && answer["Location"] == "/account/password")
        tabs.stop()
        let log = try String(contentsOf: tabs.folder.appending(path: "0.log"), encoding: .utf8)
        #expect(log.contains("serving") && !log.contains("defect"))
    }

    @Test func `a script signs in with JSON and the CSRF header`() {
        let (ada, script) = (stack.ada, stack.consumer())
        script.csrfToken = script.get("/login").json?["csrf_token"]?.text
        #expect(
            script.post("/login", .json(["email": .string(ada.email), "password": "wrong password"])).status == 401)
        #expect(script.post("/login", .json(["email": .string(ada.email)])).status == 422)
        #expect(
            script.post("/login", .json(["email": .string(ada.email), "password": .string(ada.password)])).status == 204
        )
        #expect(script.get("/oauth/clients").status == 200)
    }

    @Test func `an unused session ends`() throws {
        let ada = stack.ada
        let browser = stack.browser(of: ada)
        try stack.connection().execute(
            "UPDATE oauth_sessions SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE user_id = ?", ada.id)
        #expect(browser.get("/oauth/clients").status == 302)
    }

    @Test func `a session in use is kept alive`() throws {
        let ada = stack.ada
        let browser = stack.browser(of: ada)
        try stack.connection().execute(
            "UPDATE oauth_sessions SET last_seen_at = UTC_TIMESTAMP() - INTERVAL 1 HOUR, expires_at = UTC_TIMESTAMP() + INTERVAL 1 MINUTE WHERE user_id = ?",
            ada.id)
        #expect(browser.get("/oauth/clients").status == 200)
        #expect(
            stack.count(
                "SELECT expires_at > UTC_TIMESTAMP() + INTERVAL 1 HOUR AS n FROM oauth_sessions WHERE user_id = ?",
                ada.id) == 1)
    }

    @Test func `registering creates an account and signs in`() {
        let browser = stack.browser()
        let page = browser.get("/register")
        #expect(page.status == 200)
        let email = "new-\(stack.ada.email)"
        let short = browser.post(
            "/register",
            .form(["_token": page.hidden("_token") ?? "", "name": "New", "email": email, "password": "short"]))
        #expect(short.status == 422)
        #expect(short.text.contains("at least 8 characters"))
        #expect(short.text.contains(email))
        let answer = browser.post(
            "/register",
            .form(["_token": page.hidden("_token") ?? "", "name": "New", "email": email, "password": "long enough"]))
        #expect(answer.status == 303)
        #expect(browser.get("/oauth/clients").status == 200)
    }

    // MARK: POST /api/login

    @Test func `POST api login gives first-party tokens, which can be refreshed`() throws {
        let ada = stack.ada
        let answer = stack.consumer().post("/api/login", .form(["email": ada.email, "password": ada.password]))
        #expect(answer.status == 200)
        #expect(answer["Cache-Control"] == "no-store")
        #expect(answer.json?["scope"] == "*")
        let access = try #require(answer.json?["access_token"]?.text)
        #expect(stack.consumer(bearer: access).get("/oauth/clients").status == 200)
        let client = Application(id: claims(access)?["client_id"]?.text ?? "", secret: nil, redirectURI: "")
        let next = stack.token(stack.refreshment(answer.json?["refresh_token"]?.text ?? "", client))
        #expect(next.status == 200)
        #expect(stack.consumer(bearer: next.json?["access_token"]?.text).get("/oauth/clients").status == 200)
    }

    @Test func `an unknown user and a wrong password get the same answer`() {
        let ada = stack.ada
        let known = stack.consumer().post(
            "/api/login", .json(["email": .string(ada.email), "password": "wrong password"]))
        let unknown = stack.consumer().post(
            "/api/login", .json(["email": .string("x" + ada.email), "password": "wrong password"]))
        #expect(known.status == 401)
        #expect(known.text == #"{"message":"Unauthorized","status":401}"#)
        #expect(unknown.text == known.text)
        #expect(unknown.status == 401)
    }

    @Test func `an email that differs only in accents does not sign in, and can be another user`() {
        let ada = stack.ada
        func status(_ email: String) -> Int {
            stack.consumer().post("/api/login", .json(["email": .string(email), "password": .string(ada.password)]))
                .status
        }
        let rest = ada.email.dropFirst()
        for email in ["á" + rest, "a\u{301}" + rest, "\u{ff41}" + rest, ada.email + "\u{ad}"] {
            #expect(status(email) == 401)
        }
        #expect(status(ada.email.uppercased()) == 200)
        let fields: JSON = ["name": "A", "email": .string("á" + rest), "password": "long enough"]
        #expect(stack.consumer().post("/api/users", .json(fields)).status == 201)
        #expect(
            stack.consumer().post("/api/users", .json(fields)).json?["errors"]?["email"] == [
                "The email has already been taken."
            ])
    }

    @Test
    func
        `after five failures in a minute even the right password is 429, until the console or the cache route unlocks`()
        throws
    {
        let ada = stack.ada
        func attempt(_ password: String) -> Answer {
            stack.consumer().post("/api/login", .json(["email": .string(ada.email), "password": .string(password)]))
        }
        for _ in 0..<5 { #expect(attempt("wrong password").status == 401) }
        let refused = attempt(ada.password)
        #expect(refused.status == 429)
        #expect(refused.text == #"{"message":"Too Many Attempts.","status":429}"#)
        #expect(Int(refused["Retry-After"] ?? "").map { (1...60).contains($0) } == true)
        #expect(try stack.console("user", "unlock", ada.email).output.contains("unlocked"))
        #expect(attempt(ada.password).status == 200)
        let page = stack.browser()
        for _ in 0..<5 { page.signIn(ada, password: "wrong password") }
        #expect(page.signIn(ada).status == 429)
    }

    @Test func `a successful sign-in resets the number of failures`() {
        let ada = stack.ada
        func attempt(_ password: String) -> Int {
            stack.consumer().post("/api/login", .json(["email": .string(ada.email), "password": .string(password)]))
                .status
        }
        for _ in 0..<2 {
            for _ in 0..<4 { #expect(attempt("wrong password") == 401) }
            #expect(attempt(ada.password) == 200)
        }
    }

    @Test func `of twenty guesses at once, at most five are checked`() {
        let ada = stack.ada
        let request = stack.consumer().request(
            "POST", "/api/login", .json(["email": .string(ada.email), "password": "wrong password"]))
        let statuses = Wire.send(Array(repeating: request, count: 20), to: stack.port).map { $0?.status ?? 0 }
        #expect(statuses.filter { $0 == 401 }.count <= 5)
        #expect(statuses.allSatisfy { $0 == 401 || $0 == 429 || $0 == 503 })
    }

    @Test func `a stored hash of a lower cost is replaced`() throws {
        let ada = stack.ada
        let dearer = Stack.start("shared", settings: ["BCRYPT_ROUNDS": "5"])
        defer { dearer.stop() }
        #expect(
            dearer.consumer().post(
                "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)])
            ).status == 200)
        let hash = try #require(try stack.connection().row("SELECT password FROM users WHERE id = ?", ada.id)).text(
            "password")
        #expect(hash.hasPrefix("$2y$05$"))
        #expect(
            stack.consumer().post(
                "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)])
            ).status == 200)
    }

    @Test func `simultaneous sign-ins all succeed while a hash is replaced`() {
        let dearer = Stack.start("shared", settings: ["BCRYPT_ROUNDS": "9"])
        defer { dearer.stop() }
        for _ in 0..<3 {
            let ada = stack.ada
            let request = dearer.consumer().request(
                "POST", "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)]))
            let answers = Wire.send(Array(repeating: request, count: 3), to: dearer.port)
            #expect(answers.compactMap { $0?.status } == [200, 200, 200])
        }
    }

    @Test func `a flood of sign-ins cannot block token checks`() throws {
        let bombed = Stack.start("bombed", settings: ["BCRYPT_ROUNDS": "12"])
        defer { bombed.stop() }
        let token = bombed.token(
            {
                let m = bombed.machine;
                return ["grant_type": "client_credentials", "client_id": m.id, "client_secret": m.secret ?? ""]
            }())
        #expect(token.status == 200)
        let bombs = (0..<40).map {
            bombed.consumer().request(
                "POST", "/api/login", .json(["email": .string("b\($0)@example.com"), "password": "xxxxxxxx"]))
        }
        let check = bombed.consumer().request("GET", "/up")
        let began = ContinuousClock.now
        let answers = Wire.send(bombs + [check], to: bombed.port)
        #expect(answers.last??.status == 200)
        #expect(answers.contains { $0?.status == 503 && $0?["Retry-After"] != nil })
        #expect(answers.contains { $0?.status == 401 })
        #expect(began.duration(to: .now) < .seconds(20))
    }

    // MARK: POST /api/users, GET /api/users

    @Test func `POST api users creates an account, and is 422 if the email is taken`() {
        let email = "Made-\(stack.ada.email)"
        let body: JSON = [
            "name": "Made", "email": .string(email), "password": "long enough", "password_confirmation": "long enough",
        ]
        let answer = stack.consumer().post("/api/users", .json(body))
        #expect(answer.status == 201)
        #expect(answer.json?["email"]?.text == email)
        #expect(answer.json?["password"] == nil)
        let again = stack.consumer().post(
            "/api/users", .json(["name": "Made", "email": .string(email.lowercased()), "password": "long enough"]))
        #expect(again.status == 422)
        #expect(again.text.contains("The email has already been taken."))
    }

    @Test(
        arguments: [
            (#"{}"#, "name"), (#"{"name":"a","email":"no address","password":"long enough"}"#, "email"),
            (#"{"name":"a","email":"a@b.example","password":"short"}"#, "password"),
            (#"{"name":"a","email":"a@b.example","password":"LONG"}"#, "password"),
            (#"{"name":"a","email":"a@b.example","password":"nul\u0000inside"}"#, "password"),
            (
                #"{"name":"a","email":"a@b.example","password":"long enough","password_confirmation":"other"}"#,
                "password"
            ),
            (#"{"name":["a"],"email":"a@b.example","password":"long enough"}"#, "name"),
            (#"{"name":"a","email":7,"password":"long enough"}"#, "email"),
            (#"{"name":"a\nb","email":"a@b.example","password":"long enough"}"#, "name"),
        ]) func `invalid values for an account are 422`(body: String, field: String)
    {
        let answer = stack.consumer().post(
            "/api/users",
            .raw(body.replacing("LONG", with: String(repeating: "ä", count: 37)), type: "application/json"))
        #expect(answer.status == 422)
        #expect(answer.json?["errors"]?[field] != nil, "\(answer.text)")
    }

    @Test func `registration can be switched off, and is throttled`() {
        let closed = Stack.start("closed", settings: ["REGISTRATION": "false"])
        let slow = Stack.start("throttled", settings: ["REGISTRATION_LIMIT": "2"])
        defer {
            closed.stop()
            slow.stop()
        }
        func register(_ stack: Stack, _ number: Int) -> Answer {
            stack.consumer().post(
                "/api/users", .json(["name": "n", "email": "n\(number)@example.com", "password": "long enough"]))
        }
        #expect(register(closed, 1).status == 403)
        #expect(closed.browser().get("/register").status == 404)
        #expect(!closed.browser().get("/login").text.contains("Create an account"))
        #expect([register(slow, 1).status, register(slow, 2).status] == [201, 201])
        let third = register(slow, 3)
        #expect(third.status == 429)
        #expect(third["Retry-After"] != nil)
    }

    @Test func `GET api users finds a user by name, in the query or in a body, and shows an email only to its owner`() {
        let (ada, grace) = (stack.ada, stack.grace)
        let token = stack.tokens(ada, stack.web).access
        let consumer = stack.consumer(bearer: token)
        let own = consumer.get("/api/users?name=\(ada.name)")
        #expect(own.status == 200)
        #expect(own.json?["email"]?.text == ada.email)
        #expect(own.json?["id"] == .integer(Int64(ada.id) ?? 0))
        let other = consumer.send("GET", "/api/users", .json(["name": .string(grace.name)]))
        #expect(other.status == 200)
        #expect(other.json?["name"]?.text == grace.name)
        #expect(other.json?["email"] == nil)
        #expect(consumer.get("/api/users?name=nobody").status == 404)
        #expect(consumer.get("/api/users").status == 422)
        #expect(consumer.get("/api/users?name=a&name=b").status == 422)
    }

    @Test func `GET api users accepts only a bearer header: a session, a token in the query or a browser is 401`() {
        let token = stack.tokens(stack.ada, stack.web).access
        let answers = [
            stack.consumer().get("/api/users?name=x"), stack.script(of: stack.ada).get("/api/users?name=x"),
            stack.consumer().get("/api/users?name=x&access_token=\(token)"), stack.browser().get("/api/users?name=x"),
        ]
        for answer in answers {
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"] == "Bearer")
        }
        #expect(
            stack.consumer().send("GET", "/api/users?name=nobody", fields: [("Authorization", "bEaReR \(token)")])
                .status == 404)
    }
}
