import Cast
import Foundation
import HTTP
import Testing

/// The answers of `/oauth/authorize` to a browser and to a script.
@Suite struct `The authorization endpoint` {
    let stack = Stack.shared

    @Test func `a browser that is not signed in goes to sign in and comes back`() throws {
        let (ada, web, browser) = (stack.ada, stack.web, stack.browser())
        let address = stack.authorizeAddress(web)
        let away = browser.get(address)
        #expect(away.status == 302)
        let login = try #require(away["Location"])
        #expect(login.hasPrefix("/login?return_to=%2Foauth%2Fauthorize%3F"))
        let page = browser.get(login)
        #expect(page.status == 200)
        #expect(page["Content-Security-Policy"]?.contains("form-action") == false)
        let back = browser.signIn(ada, on: page)
        #expect(back.status == 303)
        #expect(back["Location"] == address)
        #expect(browser.get(address).text.contains("<bdi>Web</bdi> would like to access your account"))
    }

    @Test(arguments: ["x", "/", "é"]) func `a state of the maximum length passes through sign-in and consent`(
        letter: String
    ) throws {
        let (ada, web, browser) = (stack.ada, stack.web, stack.browser())
        let state = String(repeating: letter, count: min(4000, 8000 / PercentEncoding.encode(letter).count))
        let address = stack.authorizeAddress(web, ["state": state])
        let away = browser.get(address)
        #expect(away.status == 302)
        let page = browser.get(away["Location"] ?? "")
        let back = browser.signIn(ada, on: page)
        #expect(back["Location"] == address)
        let consent = browser.get(address)
        let decision: Form = [
            "_token": consent.hidden("_token") ?? "", "auth_token": consent.hidden("auth_token") ?? "",
        ]
        #expect(browser.post("/oauth/authorize", .form(decision)).located("state") == state)
    }

    @Test func `a request that is too long for the sign-in returns to the client, with its state`() {
        let web = stack.web
        let long = stack.authorizeAddress(web) + "&more=" + String(repeating: "/", count: 15_000)
        let returned = stack.browser().get(long)
        #expect(
            returned.located("error") == "invalid_request" && returned.located("state") == "st-1"
                && returned.located("iss") != nil)
        #expect(
            stack.browser().get(stack.authorizeAddress(web) + "&more=a\\b").located("state") == "st-1",
            "nor can a backslash be carried")
        #expect(
            stack.browser().get(stack.authorizeAddress(web) + "&more=%E9")["Location"]?.hasPrefix("/login?return_to=")
                == true)
    }

    @Test
    func
        `RFC 6749 §4.1.2.1: a state of more than 4,096 bytes is invalid_request with that state, or 400 if too long for a header`()
    {
        let (ada, web) = (stack.script(of: stack.ada), stack.web)
        for length in [4096, 4097, 5000] {
            let state = String(repeating: "/", count: length)
            let answer = ada.get(stack.authorizeAddress(web, ["state": "-"]) + "&state=" + state)
            #expect(answer.located("error") == (length > 4096 ? "invalid_request" : nil))
            if length > 4096 {
                #expect(answer.located("state") == state)
            } else {
                #expect(answer.json?["auth_token"] != nil)
            }
        }
        let longest = ada.get(
            stack.authorizeAddress(web, ["state": "-"]) + "&state=" + String(repeating: "/", count: 14_000))
        #expect(longest.status == 400 && longest["Location"] == nil)
    }

    @Test func `a script that is not signed in is 401`() {
        let answer = stack.consumer().get(stack.authorizeAddress(stack.web))
        #expect(answer.status == 401)
        #expect(answer.json?["status"] == 401)
    }

    @Test func `the consent page names client, user and scopes, and cannot be framed or cached`() {
        let (ada, web) = (stack.ada, stack.web)
        let page = stack.browser(of: ada).get(stack.authorizeAddress(web))
        #expect(page.status == 200)
        #expect(page.text.contains("<bdi>Web</bdi> would like to access your account"))
        #expect(page.text.contains(ada.email))
        #expect(page.text.contains("Place orders"))
        #expect(page["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
        #expect(page["Content-Security-Policy"]?.contains("form-action") == false)
        #expect(page["Content-Security-Policy"]?.contains("unsafe") == false)
        #expect(page["X-Frame-Options"] == "DENY")
        #expect(page["Referrer-Policy"] == "no-referrer")
        #expect(page["Cache-Control"] == "no-store")
    }

    @Test func `approving sends a code, the state and the issuer, by 303`() throws {
        let browser = stack.browser(of: stack.ada)
        let page = browser.get(stack.authorizeAddress(stack.web))
        let answer = browser.post(
            "/oauth/authorize",
            .form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]))
        #expect(answer.status == 303)
        #expect(answer["Location"]?.hasPrefix("https://client.example/callback?code=") == true)
        #expect(try #require(answer.located("code")).count == 43)
        #expect(answer.located("state") == "st-1")
        #expect(answer.located("iss") == "http://127.0.0.1:\(stack.port)")
    }

    @Test func `denying sends access_denied, the state and the issuer, by a form with _method`() {
        let browser = stack.browser(of: stack.ada)
        let page = browser.get(stack.authorizeAddress(stack.web))
        let answer = browser.post(
            "/oauth/authorize",
            .form([
                "_token": page.hidden("_token") ?? "", "_method": "DELETE",
                "auth_token": page.hidden("auth_token") ?? "",
            ]))
        #expect(answer.status == 303)
        #expect(answer.located("error") == "access_denied")
        #expect(answer.located("state") == "st-1")
        #expect(answer.located("iss") == "http://127.0.0.1:\(stack.port)")
        #expect(answer.located("code") == nil)
    }

    @Test func `a script gets client, scopes and auth_token, and then an address for the redirect`() throws {
        let (web, script) = (stack.web, stack.script(of: stack.ada))
        let asked = script.get(stack.authorizeAddress(web))
        #expect(asked.status == 200)
        #expect(asked.json?["client"]?["name"] == "Web")
        #expect(
            asked.json?["scopes"]?.bytes == Array(#"[{"id":"place-orders","description":"Place orders"}]"#.utf8)
                || asked.text.contains("Place orders"))
        let authToken = try #require(asked.json?["auth_token"]?.text)
        let approved = script.post("/oauth/authorize", .json(["auth_token": .string(authToken)]))
        #expect(approved.status == 200)
        let address = try #require(approved.json?["redirect_to"]?.text)
        #expect(address.hasPrefix("https://client.example/callback?code="))
        let again = script.get(stack.authorizeAddress(web))
        let denied = script.delete("/oauth/authorize", .json(["auth_token": again.json?["auth_token"] ?? .null]))
        #expect(denied.status == 200)
        #expect(denied.json?["redirect_to"]?.text?.contains("error=access_denied") == true)
    }

    @Test(arguments: ["POST", "DELETE"])
    func `approving and denying are 401 without a session, and 419 without the CSRF token`(method: String) {
        #expect(stack.consumer().send(method, "/oauth/authorize").status == 401)
        let script = stack.script(of: stack.ada)
        script.csrfToken = nil
        #expect(script.send(method, "/oauth/authorize", .json(["auth_token": "x"])).status == 419)
        #expect(stack.browser().send(method, "/oauth/authorize")["Location"] == "/login")
    }

    @Test func `an omitted redirect URI means the only registered URI, and may be omitted at the token endpoint`() {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web, more: ["redirect_uri": "-"])
        var form = stack.redemption(code, web)
        form.pairs.removeAll { $0.name == "redirect_uri" }
        #expect(stack.token(form).status == 200)
        let two = stack.client(
            "Two", redirect: "https://a.example/cb,https://b.example/cb", grants: [.authorizationCode])
        #expect(stack.script(of: ada).get(stack.authorizeAddress(two, ["redirect_uri": "-"])).status == 400)
        #expect(
            stack.script(of: ada).get(stack.authorizeAddress(two, ["redirect_uri": "https://b.example/cb"])).status
                == 200)
    }

    @Test func `prompt=none answers login_required and consent_required instead of asking`() {
        let (web, ada) = (stack.web, stack.ada)
        let address = stack.authorizeAddress(web, ["prompt": "none"])
        #expect(stack.browser().get(address).located("error") == "login_required")
        #expect(stack.browser(of: ada).get(address).located("error") == "consent_required")
        _ = stack.tokens(ada, web)
        #expect(stack.browser(of: ada).get(address).located("code") != nil)
    }

    @Test func `prompt=login requires one new sign-in`() throws {
        let ada = stack.ada
        let browser = stack.browser(of: ada)
        let address = stack.authorizeAddress(stack.web, ["prompt": "login"])
        try signInAgain(ada, browser, for: address)
        #expect(browser.get(address).hidden("auth_token") != nil)
        #expect(browser.get(address).hidden("auth_token") != nil, "reloading the page does not ask again")
        #expect(
            browser.get(stack.authorizeAddress(stack.web, ["prompt": "login", "state": "st-2"])).status == 302,
            "another request does")
    }

    @Test(arguments: ["0", "60"]) func `max_age requires one new sign-in if the last is older`(maxAge: String) throws {
        let ada = stack.ada
        let browser = stack.browser(of: ada)
        let address = stack.authorizeAddress(stack.web, ["max_age": maxAge])
        try stack.connection().execute(
            "UPDATE oauth_sessions SET authenticated_at = authenticated_at - INTERVAL 61 SECOND WHERE user_id = ?",
            ada.id)
        #expect(stack.script(of: ada).get(stack.authorizeAddress(stack.web, ["max_age": "60"])).status == 200)
        #expect(browser.get(stack.authorizeAddress(stack.web, ["max_age": "3600"])).status == 200)
        #expect(browser.get(address + "&prompt=none").located("error") == "login_required")
        try signInAgain(ada, browser, for: address)
        #expect(browser.get(address).hidden("auth_token") != nil)
    }

    @Test(arguments: ["prompt", "max_age"])
    func `a new sign-in satisfies one request, and the next request needs another sign-in`(
        parameter: String
    ) throws {
        let (ada, web) = (stack.ada, stack.web)
        let browser = stack.browser(of: ada)
        browser.csrfToken = nil  // the page sends its own token
        let address = stack.authorizeAddress(web, parameter == "prompt" ? ["prompt": "login"] : ["max_age": "0"])
        try signInAgain(ada, browser, for: address)
        let page = browser.get(address)
        let answer = browser.post(
            "/oauth/authorize",
            .form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]))
        #expect(stack.token(stack.redemption(answer.located("code") ?? "", web)).status == 200)
        usleep(1_100_000)
        try signInAgain(ada, browser, for: address)
        #expect(browser.get(address).located("code") != nil, "granted before, and nobody is asked")
        usleep(1_100_000)
        #expect(browser.get(address)["Location"]?.hasPrefix("/login?") == true)
    }

    @Test func `prompt=select_account shows the signed-in user, although the grant is valid`() {
        let (ada, web) = (stack.ada, stack.web)
        _ = stack.tokens(ada, web)
        #expect(
            stack.browser(of: ada).get(stack.authorizeAddress(web, ["prompt": "select_account"])).text.contains(
                "Not you?"))
    }

    @Test func `a user who follows “Not you?” is asked for consent, even after an earlier consent`() throws {
        let (ada, grace, web) = (stack.ada, stack.grace, stack.web)
        _ = stack.tokens(grace, web)
        let browser = stack.browser(of: ada)
        let consent = browser.get(stack.authorizeAddress(web, ["prompt": "consent"]))
        let link = try #require(consent.text.firstMatch(of: #/href="(\/login\?[^"]*)">Not you/#)).1
        let page = browser.get(String(link).replacing("&amp;", with: "&"))
        let back = try #require(browser.signIn(grace, on: page)["Location"])
        #expect(browser.get(back).hidden("auth_token") != nil)
    }

    @Test(arguments: ["-1", "1.5", "x", "9999999999"]) func `an invalid max_age is invalid_request`(
        maxAge: String
    ) {
        let answer = stack.browser(of: stack.ada).get(stack.authorizeAddress(stack.web, ["max_age": maxAge]))
        #expect(answer.located("error") == "invalid_request")
    }

    @Test func `login_hint is on the sign-in page, and ui_locales chooses its language`() throws {
        let browser = stack.browser()
        let away = browser.get(
            stack.authorizeAddress(stack.web, ["login_hint": "ada@example.com", "ui_locales": "fr de-AT en"]))
        let page = browser.get(try #require(away["Location"]))
        #expect(page.text.contains(#"name="email" value="ada@example.com""#))
        #expect(page["Content-Language"] == "de")
        #expect(page.text.contains("und weiter zu <strong><bdi>Web</bdi>"))
    }

    @Test func `“Not you?” leads to a sign-in for the same request, and the old session ends`() throws {
        let (ada, grace) = (stack.ada, stack.grace)
        let browser = stack.browser(of: ada)
        let consent = browser.get(stack.authorizeAddress(stack.web, ["login_hint": .init(ada.email)]))
        let link = try #require(consent.text.firstMatch(of: #/href="(\/login\?[^"]*)">Not you/#)).1
        let address = String(link).replacing("&amp;", with: "&")
        let page = browser.get(address)
        #expect(page.status == 200 && !page.text.contains(ada.email))
        let back = try #require(browser.signIn(grace, on: page)["Location"])
        #expect(browser.get(back).text.contains(grace.email))
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_sessions WHERE user_id = ?", ada.id) == 0)
    }

    private func signInAgain(_ person: Person, _ browser: Consumer, for address: String) throws {
        let login = try #require(browser.get(address)["Location"])
        #expect(login.hasPrefix("/login?return_to="))
        let page = browser.get(login)
        #expect(page.text.contains("current-password"))
        #expect(browser.signIn(person, on: page)["Location"] == address)
    }

    @Test func `if the session ends on the consent page, the user signs in and is asked the same again`() throws {
        let ada = stack.ada
        let browser = stack.browser(of: ada)
        let address = stack.authorizeAddress(stack.web)
        let page = browser.get(address)
        try stack.connection().execute("DELETE FROM oauth_sessions WHERE user_id = ?", ada.id)
        let action = try #require(page.text.firstMatch(of: #/action="(\/oauth\/authorize\?[^"]*)"/#)).1
        let target = String(action).replacing("&amp;", with: "&")
        #expect(target == address)
        let away = browser.post(
            target, .form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]))
        #expect(away.status == 303)
        let login = browser.get(away["Location"] ?? "")
        #expect(login.text.contains("Your session has ended"))
        #expect(login.returnTo.hasPrefix(address + "&seal="))
    }

    @Test func `a late or second decision is 403, and the page offers to ask again`() throws {
        let browser = stack.browser(of: stack.ada)
        let address = stack.authorizeAddress(stack.web)
        let page = browser.get(address)
        let decision: Form = ["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]
        browser.post(address, .form(decision))
        let late = browser.send("DELETE", address, .form(decision))
        #expect(late.status == 403)
        #expect(late.text.contains("already answered"))
        #expect(late.text.contains("href=\"\(address.replacing("&", with: "&amp;"))\""))
    }

    @Test
    func `a confidential client needs consent only once while the grant is valid, for any order of the scopes`()
        throws
    {
        let (ada, web) = (stack.ada, stack.web)
        let tokens = stack.tokens(ada, web, scope: "place-orders check-status")
        let browser = stack.browser(of: ada)
        #expect(browser.get(stack.authorizeAddress(web, scope: "check-status place-orders")).located("code") != nil)
        #expect(browser.get(stack.authorizeAddress(web, ["prompt": "consent"], scope: "place-orders")).status == 200)
        let id = try #require(claims(tokens.access)?["jti"]?.text)
        let script = stack.script(of: ada)
        #expect(script.delete("/oauth/tokens/\(id)").status == 204)
        #expect(browser.get(stack.authorizeAddress(web, scope: "place-orders")).status == 200)
    }

    @Test func `the user is asked for scopes that were not granted before`() {
        let (ada, web) = (stack.ada, stack.web)
        _ = stack.tokens(ada, web, scope: "place-orders")
        #expect(
            stack.browser(of: ada).get(stack.authorizeAddress(web, scope: "place-orders check-status")).status == 200)
    }

    @Test func `a first-party client never needs consent`() {
        let own = stack.client("Own", grants: [.authorizationCode], isFirstParty: true)
        #expect(stack.browser(of: stack.ada).get(stack.authorizeAddress(own)).located("code") != nil)
    }

    @Test func `two tabs with two applications work at once`() {
        let (one, two, browser) = (stack.web, stack.web, stack.browser(of: stack.ada))
        let first = browser.get(stack.authorizeAddress(one, ["state": "tab-1"]))
        let second = browser.get(stack.authorizeAddress(two, ["state": "tab-2"]))
        for (page, state) in [(first, "tab-1"), (second, "tab-2")] {
            let answer = browser.post(
                "/oauth/authorize",
                .form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]))
            #expect(answer.located("state") == state)
            #expect(answer.located("code") != nil)
        }
    }

    @Test func `a double click gets the same redirect twice, and only one code`() {
        let (ada, web) = (stack.ada, stack.web)
        let browser = stack.browser(of: ada)
        let page = browser.get(stack.authorizeAddress(web))
        let form: Body = .form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""])
        let locations = Wire.send(
            [browser.request("POST", "/oauth/authorize", form), browser.request("POST", "/oauth/authorize", form)],
            to: stack.port
        )
        .map { $0?["Location"] }
        #expect(locations[0] != nil)
        #expect(locations[0] == locations[1])
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_auth_codes WHERE user_id = ?", ada.id) == 1)
    }

    @Test func `the opposite decision, a late decision, another session's decision or no decision is 403`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let script = stack.script(of: ada)
        func ask() throws -> JSON { try #require(script.get(stack.authorizeAddress(web)).json?["auth_token"]) }
        let decided = try ask()
        #expect(script.post("/oauth/authorize", .json(["auth_token": decided])).status == 200)
        #expect(script.delete("/oauth/authorize", .json(["auth_token": decided])).status == 403)
        try stack.connection().execute(
            "UPDATE oauth_pending_authorizations SET decided_at = '2020-01-01 00:00:00' WHERE decision = 'approve' AND client_id = ?",
            web.id)
        #expect(script.post("/oauth/authorize", .json(["auth_token": decided])).status == 403)
        let others = try ask()
        #expect(stack.script(of: ada).post("/oauth/authorize", .json(["auth_token": others])).status == 403)
        #expect(stack.script(of: stack.grace).post("/oauth/authorize", .json(["auth_token": others])).status == 403)
        #expect(script.post("/oauth/authorize", .json([:])).status == 403)
        #expect(script.post("/oauth/authorize", .json(["auth_token": "nonsense"])).status == 403)
    }

    @Test func `a client that was deleted while its consent page was open gets no code`() throws {
        let web = stack.web
        let script = stack.script(of: stack.ada)
        let authToken = try #require(script.get(stack.authorizeAddress(web)).json?["auth_token"])
        #expect(try stack.console("client", "revoke", web.id).status == 0)
        #expect(script.post("/oauth/authorize", .json(["auth_token": authToken])).status == 403)
    }

    @Test func `a redirect URI keeps its query`() {
        let app = stack.client(
            "Query", redirect: "https://client.example/cb?tenant=7", grants: [.authorizationCode], isFirstParty: true)
        let answer = stack.browser(of: stack.ada).get(
            stack.authorizeAddress(app, ["redirect_uri": "https://client.example/cb?tenant=7"]))
        #expect(answer["Location"]?.hasPrefix("https://client.example/cb?tenant=7&code=") == true)
    }

    @Test func `internal clients cannot be used here`() throws {
        let id = try #require(try stack.connection().row("SELECT id FROM oauth_clients WHERE internal = 'sign-in'"))
            .text("id")
        #expect(stack.browser(of: stack.ada).get("/oauth/authorize?response_type=code&client_id=\(id)").status == 400)
    }

    @Test(
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("' & <b>", "&#39; &amp; &lt;b&gt;"),
            ("\"\u{301}onfocus=\"x", "&quot;\u{301}onfocus=&quot;x"),
        ]) func `a hostile name stays text on every page that shows it`(name: String, escaped: String) throws
    {
        let browser = stack.browser(of: stack.ada)
        let consent = browser.get(stack.authorizeAddress(stack.client(name, grants: [.authorizationCode])))
        #expect(consent.text.contains("<h1><bdi>\(escaped)</bdi> would like to access your account</h1>"))
        let fields: Form = [
            "_token": browser.cookies["XSRF-TOKEN"] ?? "", "email": name, "name": name, "password": "wrong password",
        ]
        #expect(browser.post("/login", .form(fields)).text.contains("value=\"\(escaped)\""))
        #expect(browser.post("/register", .form(fields)).text.contains("value=\"\(escaped)\""))
    }
}
