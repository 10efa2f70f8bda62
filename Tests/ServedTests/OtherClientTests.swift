import Cast
import DevelopmentStack
import Foundation
import HTTP
import Pages
import Testing

@testable import AuthorizationServer

/// The requests that other people's clients, browsers and proxies send.
@Suite struct `Other people's clients` {
    let stack = Stack.shared

    // MARK: the token endpoint

    @Test(arguments: ["Bearer an-old-access-token", "Digest x", "DPoP x", "basic", "Basicx"])
    func `an Authorization field that is not Basic is not client authentication`(field: String) {
        let machine = stack.machine
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        #expect(
            stack.consumer().send("POST", "/oauth/token", .form(form), fields: [("Authorization", field)]).status == 200
        )
        let native = stack.native
        let verifier = Verifier()
        let code = stack.code(stack.ada, native, verifier: verifier)
        let redemption = stack.redemption(code, native, verifier: verifier)
        #expect(
            stack.consumer().send("POST", "/oauth/token", .form(redemption), fields: [("Authorization", field)]).status
                == 200)
    }

    @Test func `several spaces may follow the scheme in an Authorization field`() {
        let machine = stack.machine
        let basic = machine.basic.1.replacing("Basic ", with: "basic    ")
        let answer = stack.consumer().send(
            "POST", "/oauth/token", .form(["grant_type": "client_credentials"]), fields: [("Authorization", basic)])
        #expect(answer.status == 200)
        let token = stack.tokens(stack.ada, stack.web).access
        #expect(
            stack.consumer().send("GET", "/api/users?name=nobody", fields: [("Authorization", "Bearer   \(token)")])
                .status == 404)
    }

    @Test func `RFC 6749 §3.1: unrecognized parameters are ignored, and recognized parameters are checked strictly`() {
        let (ada, web) = (stack.script(of: stack.ada), stack.web)
        for more in ["&utm_campaign=%E9", "&discount=10%", "&%zz=1", "&x=%00", "&list[]=%ff", "&a=1&a=2"] {
            #expect(ada.get(stack.authorizeAddress(web) + more).json?["auth_token"] != nil, "\(more)")
            let form = stack.refreshment("x", web).encoded + more
            let answer = stack.consumer().post("/oauth/token", .raw(form, type: "application/x-www-form-urlencoded"))
            #expect(answer.json?["error"] == "invalid_grant", "\(more)")
        }
        #expect(
            ada.get(stack.authorizeAddress(web, ["scope": "-"]) + "&scope=%E9").located("error") == "invalid_request")
        #expect(ada.get(stack.authorizeAddress(web, ["redirect_uri": "-"]) + "&redirect_uri=%E9").status == 400)
        let bearer = stack.firstParty(stack.ada)
        #expect(
            bearer.get("/api/users?name=%E9").status == 400 && bearer.get("/api/users?name=nobody&x=%E9").status == 404)
        #expect(
            bearer.post(
                "/oauth/clients", .raw("name=%E9&redirect=https://a.example", type: "application/x-www-form-urlencoded")
            ).status == 400)
    }

    @Test(arguments: ["scopes[]", "scopes[0]", "scopes[a]", "scopes%5B%5D", "scopes%5B7%5D"])
    func `a list in each of PHP's notations is read as a list`(name: String) {
        let bearer = stack.firstParty(stack.ada)
        let form = "name=List&\(name)=place-orders&\(name.replacing("0", with: "1"))=check-status"
        let answer = bearer.post("/oauth/personal-access-tokens", .raw(form, type: "application/x-www-form-urlencoded"))
        #expect(answer.json?["token"]?["scopes"] == ["place-orders", "check-status"])
        let nested = bearer.post(
            "/oauth/personal-access-tokens",
            .raw("name=List&scopes[a][b]=place-orders", type: "application/x-www-form-urlencoded"))
        #expect(nested.status == 422, "what is no list of ids is refused, not left out")
    }

    @Test(arguments: ["scope[]", "scope[0]", "scope[a]", "scope[a][b]"])
    func `the token endpoint refuses scope as a list, in every notation`(name: String) {
        let machine = stack.machine
        let form =
            "grant_type=client_credentials&client_id=\(machine.id)&client_secret=\(machine.secret ?? "")&\(name)=place-orders"
        let answer = stack.consumer().post("/oauth/token", .raw(form, type: "application/x-www-form-urlencoded"))
        #expect(answer.status == 400 && answer.json?["error"] == "invalid_request")
    }

    @Test func `openid and offline_access are ignored until they have a meaning`() {
        let (ada, web) = (stack.script(of: stack.ada), stack.web)
        let asked = ada.get(stack.authorizeAddress(web, ["scope": "openid place-orders offline_access"]))
        #expect(asked.json?["scopes"] == [["id": "place-orders", "description": "Place orders"]])
        #expect(ada.get(stack.authorizeAddress(web, ["scope": "openid"])).json?["auth_token"] != nil)
        #expect(ada.get(stack.authorizeAddress(web, ["scope": "openid profile"])).located("error") == "invalid_scope")
        let tokens = stack.tokens(stack.ada, web)
        var form = stack.refreshment(tokens.refresh, web)
        form.append("scope", "openid place-orders")
        #expect(stack.token(form).json?["scope"] == "place-orders")
    }

    // MARK: bodies

    @Test func `multipart and every kind of JSON are read like a form, at the token endpoint too`() {
        let machine = stack.machine
        let fields = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        let parts =
            fields.map { "--b\r\nContent-Disposition: form-data; name=\"\($0.key)\"\r\n\r\n\($0.value)\r\n" }.joined()
            + "--b--\r\n"
        let json = JSON.object(fields.map { .init(name: $0.key, value: .string($0.value)) }).compact
        for (text, type) in [
            (parts, "multipart/form-data; boundary=b"), (json, "application/json"), (json, "application/vnd.api+json"),
            (json, "APPLICATION/LD+JSON; charset=utf-8"), ("\u{feff}" + json, "application/json"),
        ] { #expect(stack.consumer().post("/oauth/token", .raw(text, type: type)).status == 200, "\(type)") }
        let bearer = stack.firstParty(stack.ada)
        let name = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nMulti\r\n--b--"
        #expect(
            bearer.post("/oauth/personal-access-tokens", .raw(name, type: "multipart/form-data; boundary=b")).json?[
                "token"]?["name"] == "Multi")
        #expect(bearer.post("/oauth/personal-access-tokens", .raw(name, type: "multipart/form-data")).status == 400)
    }

    @Test func `a 415 names the types that the server reads`() {
        for type in ["text/plain", "application/xml", "image/json", "multipart/mixed; boundary=b"] {
            let answer = stack.consumer().post("/api/login", .raw("x", type: type))
            #expect(
                answer.status == 415
                    && answer["Accept"] == "application/json, application/x-www-form-urlencoded, multipart/form-data")
            #expect(answer.text.contains("multipart/form-data"))
        }
        #expect(
            stack.consumer().post("/oauth/token", .raw("x", type: "text/plain")).json?["error"] == "invalid_request")
    }

    // MARK: paths

    @Test func `a path with one slash at its end means the path without it, but two slashes are 404`() {
        let (ada, web) = (stack.ada, stack.web)
        let (script, bearer, browser) = (stack.script(of: ada), stack.firstParty(ada), stack.browser())
        for path in [
            "/oauth/token", "/oauth/authorize", "/oauth/clients", "/oauth/tokens", "/oauth/scopes", "/api/users",
            "/api/login", "/login", "/register",
            "/logout", "/account", "/account/password", "/account/tokens/create", "/docs", "/docs/collection.json",
            "/up", "/.well-known/jwks.json",
            "/.well-known/oauth-authorization-server",
        ] {
            for (consumer, who) in [(script, "session"), (bearer, "bearer"), (browser, "guest")] {
                let (one, two) = (consumer.get(path), consumer.get(path + "/"))
                #expect(one.status == two.status, "\(path) as \(who)")
                #expect(two["Location"]?.hasPrefix("http") != true, "\(path): nginx builds no address")
            }
            #expect(browser.get(path + "//").status == 404, "\(path)")
        }
        let browserOfAda = stack.browser(of: ada)
        let address = stack.authorizeAddress(web).replacing("/authorize?", with: "/authorize/?")
        #expect(browserOfAda.get(address).text.contains("would like to access"))
        #expect(
            stack.consumer().post("/oauth/token/", .form(stack.refreshment("x", web))).json?["error"] == "invalid_grant"
        )
        #expect(bearer.delete("/oauth/clients/nothing/").status == 404)
        for path in ["/_debugbar/cache/x/", "/oauth/verify/"] { #expect(stack.consumer().get(path).status == 404) }
    }

    @Test(arguments: ["/oauth", "/_debugbar/cache", "/account", "/docs", "/oauth/clients"])
    func `nginx sends no redirect of its own, because the Host field would decide its target`(path: String) {
        let consumer = stack.consumer()
        consumer.host = "evil.example"
        let answer = consumer.get(path)
        #expect([200, 401, 404].contains(answer.status) && answer["Location"] == nil, "\(answer.status)")
    }

    @Test func `the verify route is 404 unless nginx names a required scope or an empty scope`() throws {
        let token = stack.tokens(stack.ada, stack.web).access
        let bare = try ExistingNginx(
            "bareverify", beside: stack, server: "location / { include consulate/fastcgi.conf; }")
        defer { bare.end() }
        #expect(bare.consumer(bearer: token).get("/oauth/verify").status == 404)
        #expect(bare.consumer(bearer: token).get("/oauth/verify/").status == 404)
        #expect(Consumer(stack.directPort, bearer: token).get("/oauth/verify").status == 204)
    }

    // MARK: cookies

    @Test func `of two cookies with the same name, the cookie with a valid session counts`() {
        let ada = stack.ada
        let script = stack.script(of: ada)
        let value = script.cookies["consulate_session"] ?? ""
        for cookies in [
            "consulate_session=\(value); consulate_session=old", "consulate_session=old; consulate_session=\(value)",
            "consulate_session=guest.x; consulate_session=\(value)",
        ] {
            let stranger = stack.consumer()
            #expect(
                stranger.send("GET", "/oauth/clients", fields: [("Cookie", cookies)]).status == 200,
                "\(cookies.prefix(30))")
            let made = stranger.send(
                "POST", "/oauth/personal-access-tokens", .json(["name": "A"]),
                fields: [("Cookie", cookies), ("X-CSRF-TOKEN", script.csrfToken ?? "")])
            #expect(made.status == 200)
            let planted = stranger.send(
                "POST", "/oauth/personal-access-tokens", .json(["name": "A"]),
                fields: [("Cookie", cookies), ("X-CSRF-TOKEN", "x")])
            #expect(planted.status == 419, "the token must be the session's")
        }
    }

    @Test func `a browser that sends no cookies gets a page that says so`() {
        let browser = stack.browser()
        let page = browser.post("/login", .form(["_token": "x", "email": "a@b.example", "password": "x"]))
        #expect(page.status == 419 && page.text.contains("Your browser sends no cookies"))
        browser.get("/login")
        #expect(browser.post("/login", .form(["_token": "x"])).text.contains("This page has expired"))
    }

    // MARK: pages

    @Test func `a program gets a secret that is shown only once as JSON, never as a page`() {
        let ada = stack.firstParty(stack.ada)
        for accept in [
            "application/json, text/html", "text/html, application/json;q=0.9", "text/html",
            "application/json;q=0.5, text/html;q=0.4",
        ] {
            ada.accept = accept
            let made = ada.post("/oauth/clients", .json(["name": "Shop", "redirect": "https://shop.example/cb"]))
            #expect(made.status == 201 && made.json?["secret"]?.text?.count == 40, "\(accept)")
        }
    }

    @Test func `a page has no form-action if, and only if, the answer to its form may redirect to a client`() {
        let (ada, web) = (stack.ada, stack.web)
        let guest = stack.browser()
        let authorize = PercentEncoding.encode(stack.authorizeAddress(web))
        for path in ["/login?return_to=\(authorize)", "/register?return_to=\(authorize)"] {
            #expect(guest.get(path)["Content-Security-Policy"]?.contains("form-action") == false, "\(path)")
        }
        let browser = stack.browser(of: ada)
        #expect(browser.get(stack.authorizeAddress(web))["Content-Security-Policy"]?.contains("form-action") == false)
        for path in [
            "/login", "/register", "/login?return_to=%2Faccount", "/login?return_to=https%3A%2F%2Fevil.example",
            "/nowhere",
        ] {
            #expect(
                guest.get(path)["Content-Security-Policy"]?.contains("form-action 'self'") == true
                    || path == "/nowhere", "\(path)")
        }
        let pages = [
            "/account", "/account/password", "/account/password/changed", "/logout", "/account/sessions",
            "/account/tokens", "/account/tokens/create",
            "/account/clients/create", "/docs", "/oauth/nowhere", "/oauth/authorize?client_id=nobody",
        ]
        for path in pages {
            #expect(browser.get(path)["Content-Security-Policy"]?.contains("form-action 'self'") == true, "\(path)")
        }
        #expect(
            ConsentPage.sample.leadsToClient && SignInPage.sample.leadsToClient && RegisterPage.sample.leadsToClient)
        let others: [any View] = [
            SignOutPage.sample, SignedOutPage.sample, ErrorPage.sample, AccountPage.sample, PersonalTokenPage.sample,
            NewPersonalTokenPage.sample,
            ClientPage.sample, ClientSecretPage.sample, PasswordPage.sample, PasswordChangedPage.sample,
            ConfirmPage.sample, DocumentationPage.sample,
        ]
        #expect(others.allSatisfy { !$0.leadsToClient })
        #expect(Views.pages.count == others.count + 3, "a page that is added is listed here")
    }

    // MARK: other origins

    @Test func `a preflight may ask for any header field, and every answer exposes the fields that a client needs`() {
        for field in ["x-requested-with", "dpop, x-trace", "authorization"] {
            let preflight = stack.consumer().send(
                "OPTIONS", "/oauth/token",
                fields: [
                    ("Origin", "https://spa.example"), ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", field),
                ])
            #expect(preflight.status == 204 && preflight["Access-Control-Allow-Headers"] == "Authorization, *")
            #expect(preflight["Access-Control-Allow-Credentials"] == nil)
        }
        for answer in [
            stack.consumer().post("/oauth/token"), stack.consumer().get("/api/users"),
            stack.consumer().get("/.well-known/jwks.json"),
        ] {
            #expect(answer["Access-Control-Expose-Headers"] == "WWW-Authenticate, Retry-After, DPoP-Nonce")
        }
    }

    @Test func `other origins can read nginx's errors where they can read our own, and browsers get them as pages`()
        throws
    {
        let dead = try ExistingNginx(
            "deadorigin", beside: stack,
            http: """
                include consulate/http.conf;
                upstream nobody { server unix:\(stack.folder.path())/nobody.sock; }
                """,
            server:
                "include consulate/errors.conf; include consulate/server.conf; location /oauth/dead { include consulate/errors.conf; fastcgi_pass nobody; }"
        )
        defer { dead.end() }
        let long = String(repeating: "x", count: 40_000)
        let large = Body.raw(String(repeating: "x", count: 70_000), type: "application/json")
        for (path, isOpen) in [
            ("/oauth/token", true), ("/api/users", true), ("/api/login/", true), ("/login", false),
            ("/oauth/clients", false),
        ] {
            for answer in [dead.consumer().post(path, large), dead.consumer().get(path + "?" + long)] {
                #expect([413, 414].contains(answer.status))
                #expect((answer["Access-Control-Allow-Origin"] == "*") == isOpen, "\(path) \(answer.status)")
                #expect((answer["Access-Control-Expose-Headers"] != nil) == isOpen, "\(path) \(answer.status)")
            }
        }
        let browser = Consumer.browser(dead.consumer().port)
        let largeForm = Body.raw(String(repeating: "x", count: 70_000), type: "application/x-www-form-urlencoded")
        for (answer, heading) in [
            (browser.get("/up?" + long), "This address is too long"), (browser.get("/_debugbar/cache/x"), ""),
            (browser.send("GET", "/up", fields: [("X-Long", long)]), "This did not work"),
            (browser.post("/login", largeForm), "That was too large"),
            (browser.get("/oauth/dead"), "We cannot answer at the moment"),
            (browser.get("/oauth/verify"), "This page does not exist"),
        ] where !heading.isEmpty {
            // nginx refuses the long request line before it reads the Accept field of the browser.
            #expect(answer.text.contains(heading) || answer.status == 414, "\(answer.status) \(heading)")
            #expect(answer["X-Frame-Options"] == "DENY" || answer.status == 414)
        }
        let json = Consumer(dead.consumer().port, accept: "application/json, text/html")
        #expect(json.post("/login", large).json?["status"] == 413, "JSON is what it names first")
    }
}
