import AuthorizationServer
import Cast
import Cryptography
import Foundation
import HTTP
import Testing

/// The best current practice for security.
@Suite struct `RFC 9700` {
    private let stack = Stack.shared

    @Test(arguments: ["plain", "-", "S512", "s256"])
    func `RFC 9700 §2.1.1: PKCE accepts only S256, and plain is refused, even as the default method`(method: String) {
        for client in [stack.web, stack.native] {
            let answer = stack.script(of: stack.ada).get(
                stack.authorizeAddress(client, ["code_challenge_method": method], verifier: Verifier()))
            #expect(answer.located("error") == "invalid_request" && answer.located("code") == nil)
        }
    }

    @Test func `RFC 9700 §2.1.2: the implicit grant is off, and answers in the fragment if it is switched on`() throws {
        let off = Stack.shared
        let refused = off.script(of: off.ada).get(
            off.authorizeAddress(off.native, ["response_type": "token"], verifier: Verifier()))
        #expect(refused.located("error") == "unsupported_response_type")
        let stack = Stack.permissive
        let app = stack.client("Old", isPublic: true, grants: [.implicit])
        let script = stack.script(of: stack.ada)
        let asked = script.get(stack.authorizeAddress(app, ["response_type": "token"]))
        let answer = script.post("/oauth/authorize", .json(["auth_token": asked.json?["auth_token"] ?? .null]))
        let address = try #require(answer.json?["redirect_to"]?.text)
        #expect(address.hasPrefix("https://client.example/callback#access_token="))
        #expect(address.contains("&state=st-1&iss="))
        let token = try #require(address.firstMatch(of: #/access_token=([^&]+)/#)).1
        #expect(stack.bearerStatus(String(token)) == 404)
        let error = script.get(stack.authorizeAddress(app, ["response_type": "token"], scope: "nope"))
        #expect(error["Location"]?.hasPrefix("https://client.example/callback#error=invalid_scope") == true)
        let again = script.get(stack.authorizeAddress(app, ["response_type": "token"]))
        let denied = script.delete("/oauth/authorize", .json(["auth_token": again.json?["auth_token"] ?? .null]))
        #expect(
            denied.json?["redirect_to"]?.text?.hasPrefix("https://client.example/callback#error=access_denied") == true)
    }

    @Test func `RFC 9700 §2.4: the password grant is off, and not in the metadata`() {
        let ada = stack.ada
        let trusted = stack.client("Trusted", redirect: "", grants: [.password, .refreshToken])
        let form: Form = [
            "grant_type": "password", "client_id": trusted.id, "client_secret": trusted.secret ?? "",
            "username": ada.email, "password": ada.password,
        ]
        #expect(stack.token(form).json?["error"] == "unsupported_grant_type")
        #expect(!stack.consumer().get("/.well-known/oauth-authorization-server").text.contains(#""password""#))
    }

    @Test(arguments: [
        "http://a.example/cb", "http://127.0.0.1.a.example/cb", "http://localhost.a.example/cb", "javascript:alert(1)",
        "data:text/html,x", "blob:x",
    ])
    func `RFC 9700 §2.6: plain http is only for loopback, and no URI that runs as script is registered`(uri: String) {
        let ada = stack.firstParty(stack.ada)
        #expect(ada.post("/oauth/clients", .json(["name": "Plain", "redirect": .string(uri)])).status == 422)
        #expect(
            ada.post("/oauth/clients", .json(["name": "Loop", "redirect": "http://127.0.0.1:8000/cb"])).status == 201)
    }

    @Test func `RFC 9700 §2.6: other origins may call only the token route, the documents and the API`() {
        for path in [
            "/oauth/token", "/.well-known/jwks.json", "/.well-known/oauth-authorization-server", "/api/users",
            "/api/login",
        ] {
            let preflight = stack.consumer().send(
                "OPTIONS", path, fields: [("Origin", "https://spa.example"), ("Access-Control-Request-Method", "POST")])
            #expect(preflight.status == 204)
            #expect(preflight["Access-Control-Allow-Origin"] == "*")
            #expect(preflight["Access-Control-Allow-Headers"] == "Authorization, *")
            #expect(preflight["Access-Control-Allow-Credentials"] == nil)
            #expect(stack.consumer().get(path)["Access-Control-Allow-Origin"] == "*")
        }
        for path in ["/oauth/authorize", "/oauth/clients", "/oauth/tokens", "/login", "/oauth/scopes"] {
            let preflight = stack.consumer().send(
                "OPTIONS", path, fields: [("Origin", "https://spa.example"), ("Access-Control-Request-Method", "POST")])
            #expect(preflight.status == 405)
            #expect(preflight["Access-Control-Allow-Origin"] == nil)
            #expect(stack.consumer().get(path)["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test(
        arguments: [
            "https://evil.example/callback", "https://client.example/callback/", "https://client.example/callback?x=1",
            "https://client.example/Callback",
            "https://client.example:443/callback", "https://client.example/callback#x", "//client.example/callback",
            "https://client.example/callback/../x",
            "https://client.example@evil.example/callback", "https://client.example\\callback",
            "https://CLIENT.example/callback",
        ]) func `RFC 9700 §4.1.3: a redirect URI that differs in any letter from the registered URI is never followed`(
            uri: String
        )
    {
        let answer = stack.browser(of: stack.ada).get(stack.authorizeAddress(stack.web, ["redirect_uri": uri]))
        #expect(answer.status == 400)
        #expect(answer["Location"] == nil)
    }

    @Test(arguments: [
        "https://client.example/\u{212a};", "https://client.example/K\u{37e}", "http://127.0.0.1:80/\u{212a}",
    ])
    func `RFC 9700 §4.1.3: a redirect URI that equals the registered URI only in Unicode is refused`(uri: String) {
        let client = stack.client(
            "Kelvin", redirect: "https://client.example/K;,http://127.0.0.1/K", grants: [.authorizationCode])
        let script = stack.script(of: stack.ada)
        #expect(script.get(stack.authorizeAddress(client, ["redirect_uri": "https://client.example/K;"])).status == 200)
        #expect(script.get(stack.authorizeAddress(client, ["redirect_uri": uri])).status == 400)
    }

    @Test(arguments: ["/login", "/register", "/logout", "/account", "/nowhere", "/docs", "consent"])
    func `RFC 9700 §4.2.4: pages send no referrer, and load nothing from other sites`(path: String) throws {
        let browser = ["/login", "/register"].contains(path) ? stack.browser() : stack.browser(of: stack.ada)
        let page = browser.get(path == "consent" ? stack.authorizeAddress(stack.web) : path)
        #expect(page["Referrer-Policy"] == "no-referrer")
        #expect(page["Content-Security-Policy"]?.contains("default-src 'none'") == true)
        for resource in page.text.matches(
            of: #/<(?:script|link|img|iframe|source|form)\b[^>]*?\b(?:src|href|action)="([^"]*)"/#)
        {
            #expect(resource.1.hasPrefix("/") && !resource.1.hasPrefix("//"), "\(resource.1)")
        }
    }

    @Test func `RFC 9700 §4.8.2: a verifier without a challenge is refused`() {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        let answer = stack.token(stack.redemption(code, web, verifier: Verifier()))
        #expect(answer.status == 400)
        #expect(answer.json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption(code, web)).status == 200)
    }

    @Test func `RFC 9700 §4.11.2: an error redirects only after the user has signed in`() {
        let answer = stack.browser().get(stack.authorizeAddress(stack.web, ["scope": "nope"]))
        #expect(answer["Location"]?.hasPrefix("/login?") == true)
    }

    @Test func `RFC 9700 §4.12: after credentials were posted, the redirect is 303`() {
        let ada = stack.ada
        let browser = stack.browser()
        #expect(browser.signIn(ada).status == 303)
        browser.csrfToken = nil  // each form sends its own token
        let page = browser.get(stack.authorizeAddress(stack.web))
        let decision: Form = ["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]
        #expect(browser.post("/oauth/authorize", .form(decision)).status == 303)
        let password: Form = [
            "_token": page.hidden("_token") ?? "", "_method": "PUT", "current_password": ada.password,
            "password": "a new password",
            "password_confirmation": "a new password",
        ]
        #expect(browser.post("/account/password", .form(password)).status == 303)
        #expect(browser.post("/logout", .form(["_token": browser.cookies["XSRF-TOKEN"] ?? ""])).status == 303)
        let form = stack.browser()
        form.get("/register")
        let account: Form = [
            "_token": form.cookies["XSRF-TOKEN"] ?? "", "name": "New", "email": "n-\(ada.email)",
            "password": "long enough",
        ]
        #expect(form.post("/register", .form(account)).status == 303)
    }

    @Test func `RFC 9700 §4.13: the Host field and similar fields are never trusted`() {
        let request = Array(
            "GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n"
                .utf8)
        #expect(Wire.send(request, to: stack.port)?.json?["issuer"]?.text == "http://127.0.0.1:\(stack.port)")
    }

    @Test func `RFC 9700 §4.13: a client's header fields never replace a FastCGI parameter`() {
        let request = Array(
            ("GET /up HTTP/1.1\r\nHost: x\r\nRequest-Method: POST\r\nRequest_Method: POST\r\nRequest-Uri: /login\r\nRemote-Addr: 6.6.6.6\r\nHttps: on\r\n"
                + "Connection: close\r\n\r\n").utf8)
        #expect(Wire.send(request, to: stack.port)?.json?["status"] == "ok")
    }

    @Test func `RFC 9700 §4.13: the address of a caller comes from nginx, not from X-Forwarded-For`() {
        let ada = stack.ada
        for last in 1...6 {
            let answer = stack.consumer().send(
                "POST", "/api/login", .json(["email": .string(ada.email), "password": "wrong password"]),
                fields: [
                    ("X-Forwarded-For", "10.0.0.\(last)"), ("X-Real-IP", "10.0.0.\(last)"),
                    ("Forwarded", "for=10.0.0.\(last)"),
                ])
            #expect(answer.status == (last <= 5 ? 401 : 429))
        }
    }

    @Test func `RFC 9700 §4.14.2: rotation revokes the previous access token and refresh token`() {
        let (ada, web) = (stack.ada, stack.web)
        let before = stack.tokens(ada, web)
        let answer = stack.token(stack.refreshment(before.refresh, web))
        #expect(answer.status == 200)
        let access = answer.json?["access_token"]?.text ?? ""
        #expect(answer.json?["refresh_token"]?.text != before.refresh)
        #expect(answer.json?["scope"] == "place-orders")
        #expect(stack.bearerStatus(before.access) == 401)
        #expect(stack.bearerStatus(access) == 404)
    }

    @Test func `RFC 9700 §4.14.2: a replay after the successor was used revokes the family`() {
        let (ada, web) = (stack.ada, stack.web)
        let first = stack.tokens(ada, web).refresh
        let second = stack.token(stack.refreshment(first, web)).json?["refresh_token"]?.text ?? ""
        let third = stack.token(stack.refreshment(second, web))
        #expect(third.status == 200)
        let replay = stack.token(stack.refreshment(first, web))
        #expect(replay.status == 400)
        #expect(replay.json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(third.json?["access_token"]?.text ?? "") == 401)
        #expect(
            stack.token(stack.refreshment(third.json?["refresh_token"]?.text ?? "", web)).json?["error"]
                == "invalid_grant")
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE revoked = 0 AND user_id = ?", ada.id) == 0)
        #expect(
            stack.count("SELECT COUNT(*) AS n FROM oauth_refresh_families WHERE revoked = 1 AND user_id = ?", ada.id)
                == 1)
    }

    @Test func `RFC 9700 §4.14.2: the refresh tokens of a public client rotate too`() {
        let (ada, native) = (stack.ada, stack.native)
        let tokens = stack.tokens(ada, native)
        let answer = stack.token(stack.refreshment(tokens.refresh, native))
        #expect(answer.status == 200)
        #expect(stack.bearerStatus(tokens.access) == 401)
    }

    @Test func `RFC 9700 §4.15.1: a client's subject is not a user, and its token opens no route of a user`() throws {
        let machine = stack.machine
        let token = try #require(
            stack.token([
                "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
            ]).json?["access_token"]?
            .text)
        #expect(claims(token)?["sub"]?.text == "client:\(machine.id)")
        for route in Routes.all where [.bearer(scope: nil), .management].contains(route.access) {
            let path = route.path.description.replacing(#/\{[a-z_]+\??\}/#, with: "1")
            #expect(
                stack.consumer(bearer: token).send(route.method.rawValue, path).status == 401, "\(route.method) \(path)"
            )
        }
    }

    @Test(arguments: [
        "/login", "/register", "/logout", "/account", "/account/password", "/nowhere", "/docs",
        "/oauth/authorize?client_id=nobody", "consent",
    ])
    func `RFC 9700 §4.16: no page can be framed`(path: String) {
        let browser = ["/login", "/register"].contains(path) ? stack.browser() : stack.browser(of: stack.ada)
        let page = browser.get(path == "consent" ? stack.authorizeAddress(stack.web) : path)
        #expect(page["Content-Type"] == "text/html; charset=utf-8")
        #expect(page["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
        #expect(page["X-Frame-Options"] == "DENY")
    }
}
