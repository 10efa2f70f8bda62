import Cast
import Cryptography
import Foundation
import HTTP
import Testing

@testable import AuthorizationServer

/// The request that a user signs in for, from the sign-in page to the tokens.
@Suite struct `A sign-in for a request` {
    let stack = Stack.shared

    private func session(_ browser: Consumer) -> String {
        Digest.hexadecimal(browser.cookies["consulate_session"] ?? "")
    }

    private func stored(_ column: String, _ browser: Consumer) throws -> String? {
        switch column {
        case "number":
            try stack.connection().row("SELECT number FROM oauth_sessions WHERE id = ?", session(browser))?
                .optionalText("number")
        case "methods":
            try stack.connection().row("SELECT methods FROM oauth_sessions WHERE id = ?", session(browser))?
                .optionalText("methods")
        default:
            try stack.connection().row("SELECT signed_in_for FROM oauth_sessions WHERE id = ?", session(browser))?
                .optionalText("signed_in_for")
        }
    }

    @Test func `the session names the pending request, which the answer deletes`() throws {
        let (ada, web, browser) = (stack.ada, stack.web, stack.browser())
        _ = stack.tokens(ada, web)
        let address = stack.authorizeAddress(web, ["prompt": "login"])
        browser.signIn(ada, on: browser.get(browser.get(address)["Location"] ?? ""))
        let request = try #require(try stored("signed_in_for", browser))
        let count = { stack.count("SELECT COUNT(*) AS n FROM oauth_pending_authorizations WHERE id = ?", request) }
        #expect(count() == 1)
        #expect(browser.get(address).located("code") != nil)
        #expect(count() == 0)
        #expect(try stored("signed_in_for", browser) == nil)
        #expect(browser.get(address)["Location"]?.hasPrefix("/login?") == true, "the next request needs a sign-in")
    }

    /// The values of `seal` in `return_to`, made from the right value.
    enum SealValue: String, CaseIterable {
        case right, missing, changed, expired
        case ofAnotherRequest = "of another request"
        case postponed
    }

    @Test(arguments: SealValue.allCases)
    func `only a valid seal of this server makes a sign-in count for the request`(value: SealValue) throws {
        let (ada, web, browser, key) = (stack.ada, stack.web, stack.browser(), try stack.applicationKey())
        let address = stack.authorizeAddress(web, ["prompt": "login"])
        let page = browser.get(browser.get(address)["Location"] ?? "")
        let parts = page.returnTo.split(separator: "&seal=")
        #expect(parts.count == 2 && parts[0] == address)
        let right = parts.last.map(String.init) ?? ""
        let expiry = Int64(right.prefix { $0 != "." }) ?? 0
        func seal(_ address: String, until expiry: Int64) -> String {
            "\(expiry).\(Base64URL.encode(key.authenticate("\(expiry) \(address)", for: .signInRequest)))"
        }
        #expect(right == seal(address, until: expiry))
        let now = Int64(Date().timeIntervalSince1970)
        #expect((now + 3500...now + 3600).contains(expiry))
        let value: String? =
            switch value {
            case .right: right
            case .missing: nil
            case .changed: right.replacing(".", with: ".A").dropLast() + ""
            case .expired: seal(address, until: now - 1)
            case .ofAnotherRequest:
                seal(stack.authorizeAddress(web, ["prompt": "login", "state": "other"]), until: expiry)
            case .postponed: "\(expiry + 1)" + right.drop { $0 != "." }
            }
        let fields: Form = [
            "_token": page.hidden("_token") ?? "", "email": ada.email, "password": ada.password,
            "return_to": address + (value.map { "&seal=" + $0 } ?? ""),
        ]
        #expect(browser.post("/login", .form(fields))["Location"] == address)
        let counts = value == right
        #expect((try stored("signed_in_for", browser) != nil) == counts)
        #expect((browser.get(address)["Location"]?.hasPrefix("/login?") == true) != counts)
    }

    @Test func `a sign-in for a request with an error counts for no request`() throws {
        let (ada, browser) = (stack.ada, stack.browser())
        let address = stack.authorizeAddress(stack.web, ["prompt": "login", "scope": "unknown"])
        browser.signIn(ada, on: browser.get(browser.get(address)["Location"] ?? ""))
        #expect(try stored("signed_in_for", browser) == nil)
        #expect(browser.get(address).located("error") == "invalid_scope")
    }

    @Test func `a session keeps its number when the same user signs in again, and another user gets a new number`()
        throws
    {
        let (ada, grace, browser) = (stack.ada, stack.grace, stack.browser())
        browser.signIn(ada)
        browser.csrfToken = nil  // each page sends its own token
        let number = try #require(try stored("number", browser))
        #expect(number.utf8.count == 32)
        #expect(try stored("methods", browser) == #"["pwd"]"#)
        browser.signIn(
            ada, on: browser.get(browser.get(stack.authorizeAddress(stack.web, ["prompt": "login"]))["Location"] ?? ""))
        #expect(try stored("number", browser) == number)
        let link = try #require(
            browser.get(stack.authorizeAddress(stack.web)).text.firstMatch(of: #/href="(\/login\?[^"]*)">Not you/#)
        ).1
        browser.signIn(grace, on: browser.get(String(link).replacing("&amp;", with: "&")))
        #expect(try stored("number", browser) != number)
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_sessions WHERE number = ?", number) == 0)
    }

    @Test func `a password change keeps the number of the session`() throws {
        let ada = stack.ada
        let (script, other) = (stack.script(of: ada), stack.script(of: ada))
        let number = try #require(try stored("number", other))
        let answer = other.put(
            "/account/password",
            .json([
                "current_password": .string(ada.password), "password": "another handful of quiet words",
                "password_confirmation": "another handful of quiet words",
            ]))
        #expect(answer.status == 204)
        #expect(try stored("number", other) == number)
        #expect(script.get("/oauth/tokens").status == 401)
    }

    @Test(arguments: [false, true])
    func `a request beyond plain OAuth reaches the page, the code and the family, and a plain request stores NULL`(
        isPlain: Bool
    ) throws {
        let (ada, web, browser) = (stack.ada, stack.web, stack.browser())
        let expected = isPlain ? nil : #"{"max_age":600}"#
        let connection = stack.connection()
        browser.signIn(ada)
        let page = browser.get(stack.authorizeAddress(web, isPlain ? [:] : ["max_age": "600"]))
        let token = page.hidden("auth_token") ?? ""
        let pending = try connection.row(
            "SELECT authorization FROM oauth_pending_authorizations WHERE id = ?", Digest.hexadecimal(token))
        #expect(try pending?.optionalText("authorization") == expected)
        let code = try #require(
            browser.post(
                "/oauth/authorize", .form(["_token": page.hidden("_token") ?? "", "auth_token": .init(token)])
            )
            .located("code"))
        let row = try #require(
            try connection.row(
                "SELECT authorization, family_id FROM oauth_auth_codes WHERE id = ?", Digest.hexadecimal(code)))
        #expect(try row.optionalText("authorization") == expected)
        let issued = stack.token(stack.redemption(code, web))
        let family = try connection.row(
            "SELECT authorization FROM oauth_refresh_families WHERE id = ?", try row.text("family_id"))
        #expect(try family?.optionalText("authorization") == expected)
        #expect(stack.token(stack.refreshment(issued.json?["refresh_token"]?.text ?? "", web)).status == 200)
    }

    @Test func `a session of an earlier version has the number and the time of its own row`() throws {
        let ada = stack.ada
        let browser = stack.browser(of: ada)
        try stack.connection().execute(
            "UPDATE oauth_sessions SET number = NULL, authenticated_at = NULL, methods = NULL WHERE user_id = ?", ada.id
        )
        let id = session(browser)
        browser.csrfToken = nil  // the page sends its own token
        #expect(browser.get(stack.authorizeAddress(stack.web, ["max_age": "3600"])).status == 200)
        browser.signIn(
            ada, on: browser.get(browser.get(stack.authorizeAddress(stack.web, ["prompt": "login"]))["Location"] ?? ""))
        #expect(try stored("number", browser) == String(id.prefix(32)))
    }

    @Test func `“Not you?” leads to the sign-in page, although the user has just signed in for the request`() throws {
        let (ada, grace, browser) = (stack.ada, stack.grace, stack.browser())
        let address = stack.authorizeAddress(stack.web, ["prompt": "login"])
        browser.signIn(ada, on: browser.get(browser.get(address)["Location"] ?? ""))
        let link = try #require(
            browser.get(address).text.firstMatch(of: #/href="(\/login\?[^"]*)">Not you/#)
        ).1
        let page = browser.get(String(link).replacing("&amp;", with: "&"))
        #expect(page.status == 200 && page.text.contains("current-password"))
        let back = try #require(browser.signIn(grace, on: page)["Location"])
        #expect(browser.get(back).text.contains(grace.email))
    }

    @Test func `a page that a responder of the earlier version stored keeps its limit on the age of the sign-in`()
        throws
    {
        let browser = stack.browser(of: stack.ada)
        browser.csrfToken = nil  // the page sends its own token
        let page = browser.get(stack.authorizeAddress(stack.web, ["max_age": "600"]))
        let token = page.hidden("auth_token") ?? ""
        let changed = try stack.connection().execute(
            "UPDATE oauth_pending_authorizations SET authorization = NULL WHERE id = ? AND max_age = 600",
            Digest.hexadecimal(token))
        #expect(changed == 1)
        try stack.connection().execute(
            "UPDATE oauth_sessions SET authenticated_at = authenticated_at - INTERVAL 700 SECOND WHERE id = ?",
            session(browser))
        let form: Form = ["_token": page.hidden("_token") ?? "", "auth_token": .init(token)]
        #expect(browser.post("/oauth/authorize", .form(form))["Location"] == "/login")
    }
}
