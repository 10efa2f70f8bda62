import AuthorizationServer
import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Storage
import Testing

/// The settings for operators who run a Passport beside Consulate for some time.
@Suite struct `Beside a Passport` {
    private static let numbered = Passport12.stack(
        "beside",
        [
            "PASSPORT_COMPATIBLE_REFRESH": "true", "CLIENT_SECRETS": "bcrypt", "LEGACY_REDIRECTS": "true",
            "REFRESH_OVERLAP": "300",
        ])

    @Test func `refresh tokens in Passport's format rotate as Consulate's own do`() throws {
        let stack = Self.numbered
        let first = stack.tokens(Passport12.alice, Passport12.web, scope: "place-orders check-status")
        #expect(first.refresh.hasPrefix("def50200"))
        let payload = try #require(Passport12.payload(of: first.refresh))
        #expect(payload["client_id"]?.text == "4" && payload["user_id"] == .integer(1))
        #expect(payload["access_token_id"] == claims(first.access)?["jti"])
        #expect(payload["scopes"] == JSON(["place-orders", "check-status"]))
        let row = try stack.connection().row(
            "SELECT access_token_id, expires_at FROM oauth_refresh_tokens WHERE id = ? AND revoked = 0",
            payload["refresh_token_id"]?.text)
        #expect(try row?.text("access_token_id") == payload["access_token_id"]?.text)
        #expect(try row?.time("expires_at").seconds == payload["expire_time"]?.double.map { Int64($0) })

        let answers = (0..<3).map { _ in
            stack.token(stack.refreshment(first.refresh, Passport12.web)).json?["refresh_token"]?.text ?? ""
        }
        #expect(Set(answers).count == 1 && answers[0].hasPrefix("def50200") && answers[0] != first.refresh)
        #expect(stack.token(stack.refreshment(answers[0], Passport12.native)).json?["error"] == "invalid_grant")
        let next = stack.token(stack.refreshment(answers[0], Passport12.web))
        #expect(next.status == 200)
        try Passport12.letTimePass(in: stack)
        #expect(stack.token(stack.refreshment(first.refresh, Passport12.web)).json?["error"] == "invalid_grant")
        #expect(
            stack.token(stack.refreshment(next.json?["refresh_token"]?.text ?? "", Passport12.web)).json?["error"]
                == "invalid_grant")
    }

    @Test func `a refresh token that Passport has rotated is refused here`() throws {
        let stack = Self.numbered
        let tokens = stack.tokens(Passport12.alice, Passport12.web)
        let payload = try #require(Passport12.payload(of: tokens.refresh))
        // Passport runs these statements when it answers with its own tokens.
        let connection = stack.connection()
        try connection.execute(
            "UPDATE oauth_access_tokens SET revoked = 1 WHERE id = ?", payload["access_token_id"]?.text)
        try connection.execute(
            "UPDATE oauth_refresh_tokens SET revoked = 1 WHERE id = ?", payload["refresh_token_id"]?.text)
        #expect(stack.bearerStatus(tokens.access) == 401)
        #expect(stack.token(stack.refreshment(tokens.refresh, Passport12.web)).json?["error"] == "invalid_grant")
    }

    @Test func `new secrets are stored in a form that Passport can check`() throws {
        let stack = Self.numbered
        let script = stack.script(of: Passport12.alice)
        let made = script.post(
            "/oauth/clients", .json(["name": "Orchard", "redirect": "https://orchard.example/callback"]))
        guard case .integer(let id)? = made.json?["id"], let secret = made.json?["secret"]?.text else {
            return #expect(Bool(false), "\(made.text)")
        }
        let stored = try #require(
            try stack.connection().row("SELECT secret FROM oauth_clients WHERE id = ?", String(id))
        ).text("secret")
        #expect(stored.hasPrefix("$2y$") && PasswordHash(stored).verifies(secret))
        let plain = try stack.console("client", "--machine", "Importer")
        let printed = plain.output.split(separator: "\n").map { $0.split(separator: " ").last ?? "" }
        let row = try stack.connection().row("SELECT secret FROM oauth_clients WHERE id = ?", String(printed[0]))
        #expect(PasswordHash(try #require(row).text("secret")).verifies(String(printed[1])))
        let form: Form = [
            "grant_type": "client_credentials", "client_id": String(printed[0]), "client_secret": String(printed[1]),
        ]
        #expect(stack.token(form).status == 200)
        let unhashed = ClientSecret.generate(.plain)
        #expect(unhashed.stored.rawValue == unhashed.plain)
    }

    @Test func `LEGACY_REDIRECTS redirects every caller with 302`() throws {
        let stack = Self.numbered
        for accept in ["application/json", "text/html"] {
            let browser = stack.browser(of: Passport12.alice)
            let page = browser.get(stack.authorizeAddress(Passport12.native, verifier: Verifier()))
            browser.accept = accept
            let answer = browser.post(
                "/oauth/authorize",
                .form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]))
            #expect(answer.status == 302 && answer.located("code") != nil, "\(answer.status)")
            let refused = stack.browser(of: Passport12.alice)
            let other = refused.get(stack.authorizeAddress(Passport12.native, verifier: Verifier()))
            refused.accept = accept
            let form: Form = [
                "_token": other.hidden("_token") ?? "", "auth_token": other.hidden("auth_token") ?? "",
                "_method": "DELETE",
            ]
            let denial = refused.post("/oauth/authorize", .form(form))
            #expect(denial.status == 302 && denial.located("error") == "access_denied", "\(denial.status)")
        }
    }

    @Test func `CLIENT_SUBJECT=bare is refused if user ids are numbers, so that no client's sub is a user's id`()
        throws
    {
        let stack = Self.numbered
        let log = stack.folder.appending(path: "bare.log")
        let bare = try ChildProcess(
            Folder.program, ["serve", "--env", stack.folder.appending(path: "env").path()],
            environment: stack.environment.merging([
                "CLIENT_SUBJECT": "bare", "LISTEN": "127.0.0.1:\(LocalPort.free())",
            ]) { $1 }, log: log)
        defer { bare.end() }
        for _ in 0..<500 where bare.isRunning { usleep(20_000) }
        #expect(!bare.isRunning)
        #expect(
            try String(contentsOf: log, encoding: .utf8).hasSuffix(
                "consulate: CLIENT_SUBJECT=bare could make a client look like a user, because users have numbers here: remove it.\n"
            ))

        var generation = try #require(Generation.all.first { $0.name == "passport13uuids" })
        generation.name = "bare"
        try generation.make()
        let own = try generation.stack(["CLIENT_SUBJECT": "bare"])
        defer { own.stop() }
        let answer = own.token([
            "grant_type": "client_credentials", "client_id": generation.web, "client_secret": Generation.secret,
        ])
        let token = try #require(answer.json?["access_token"]?.text)
        #expect(claims(token)?["sub"]?.text == generation.web && claims(token)?["aud"]?.text == generation.web)
        #expect(own.bearerStatus(token) == 401)
        let verified = Consumer(own.directPort, bearer: token).get("/oauth/verify")
        #expect(verified.status == 204 && verified["X-User-Id"] == nil)
    }
}
