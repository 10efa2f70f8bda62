import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

@testable import AuthorizationServer

/// The list of everything that can act for a person, in the account of that person.
///
/// One click must not delete anything in this list.
@Suite struct `Everything that can act for a person` {
    let stack = Stack.shared

    private func sessions(_ script: Consumer) -> [JSON] {
        guard case .array(let sessions)? = script.get("/account").json?["sessions"] else { return [] }
        return sessions
    }

    private func firstParty() -> Cast.Application {
        stack.client("Company app", grants: [.authorizationCode, .refreshToken], isFirstParty: true)
    }

    @Test func `sign-ins by POST api login and by first-party clients are sessions, with device and address`() throws {
        let (ada, company) = (stack.ada, firstParty())
        let script = stack.script(of: ada)
        let request = stack.consumer().request(
            "POST", "/api/login", .json(["email": .string(ada.email), "password": .string(ada.password)]),
            fields: [("User-Agent", "curl/8.5.0")])
        #expect(Wire.send(request, to: stack.port, from: "127.0.6.6")?.status == 200)
        let browser = stack.browser(of: ada)
        let answer = browser.send(
            "GET", stack.authorizeAddress(company), fields: [("User-Agent", "Mozilla/5.0 (Windows) Firefox/130.0")])
        #expect(stack.token(stack.redemption(answer.located("code") ?? "", company)).status == 200)
        let listed = sessions(script)
        #expect(listed.count == 4)
        let program = listed.first { $0["client"]?.text == "Sign-in" }
        #expect(program?["address"] == "127.0.6.6" && program?["user_agent"] == "curl/8.5.0")
        let application = listed.first { $0["client"]?.text == "Company app" }
        #expect(
            application?["address"] == "127.0.0.1"
                && application?["user_agent"] == "Mozilla/5.0 (Windows) Firefox/130.0")
        let page = stack.browser(of: ada).get("/account").text
        #expect(
            page.contains("A program that signed in with your password")
                && page.contains("<bdi>Company app</bdi> (Firefox on Windows)"))
        #expect(page.contains("127.0.6.6"))
    }

    @Test func `a session of a program or of a first-party client can be ended there, and only by its owner`() {
        let (ada, company) = (stack.ada, firstParty())
        let script = stack.script(of: ada)
        let bearer = stack.firstParty(ada)
        let tokens = stack.tokens(ada, company)
        for (client, isAlive) in [
            ("Sign-in", { bearer.get("/oauth/clients").status == 200 }),
            ("Company app", { self.stack.bearerStatus(tokens.access) == 404 }),
        ] {
            #expect(isAlive())
            let id = sessions(script).first { $0["client"]?.text == client }?["id"]?.text ?? ""
            #expect(stack.script(of: stack.grace).delete("/account/sessions/\(id)").status == 404)
            #expect(stack.script(of: stack.grace).get("/account/sessions/\(id)").status == 404)
            #expect(script.get("/account/sessions/\(id)").status == 200)
            #expect(isAlive())
            #expect(script.delete("/account/sessions/\(id)").status == 204)
            #expect(!isAlive() && script.delete("/account/sessions/\(id)").status == 404, "\(client)")
        }
        #expect(stack.token(stack.refreshment(tokens.refresh, company)).json?["error"] == "invalid_grant")
    }

    @Test func `signing out everywhere else ends all other sessions, and keeps authorized applications`() {
        let (ada, company, web) = (stack.ada, firstParty(), stack.web)
        let (here, there, bearer) = (stack.script(of: ada), stack.script(of: ada), stack.firstParty(ada))
        let (first, third) = (stack.tokens(ada, company), stack.tokens(ada, web))
        #expect(here.delete("/account/sessions").status == 204)
        #expect(here.get("/account").status == 200 && there.get("/account").status == 401)
        #expect(bearer.get("/oauth/clients").status == 401 && stack.bearerStatus(first.access) == 401)
        #expect(stack.token(stack.refreshment(first.refresh, company)).json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(third.access) == 404 && sessions(here).count == 1)
    }

    @Test func `tokens of first-party and password clients without a family are listed, and can be ended too`() throws {
        let ada = stack.ada
        let script = stack.script(of: ada)
        for (id, column) in [("first", "first_party"), ("password", "password_client")] {
            let client = "\(id)-\(ada.id)"
            let flags = column == "first_party" ? "0, 0, 1" : "0, 1, NULL"
            try Folder.mariaDB.query(
                """
                SET sql_mode = '';
                INSERT INTO oauth_clients (id, name, redirect, revoked, personal_access_client, password_client,
                    first_party)
                    VALUES ('\(client)', 'Old \(id)', '', 0, \(flags));
                INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, expires_at)
                    VALUES ('\(client)-token', \(ada.id), '\(client)', '[]', 0, UTC_TIMESTAMP(),
                        UTC_TIMESTAMP() + INTERVAL 1 DAY);
                """, database: "shared")
            #expect(
                sessions(script).contains { $0["client"]?.text == "Old \(id)" && $0["id"]?.text == "\(client)-token" })
            #expect(script.delete("/account/sessions/\(client)-token").status == 204)
            #expect(!sessions(script).contains { $0["client"]?.text == "Old \(id)" })
            #expect(stack.count("SELECT revoked AS n FROM oauth_access_tokens WHERE id = ?", "\(client)-token") == 1)
        }
    }

    @Test func `after a password change the page says which access stays, and offers to end the personal tokens`() {
        let (ada, web, company) = (stack.ada, stack.web, firstParty())
        let browser = stack.browser(of: ada)
        let (third, first) = (stack.tokens(ada, web), stack.tokens(ada, company))
        let personal =
            stack.firstParty(ada).post("/oauth/personal-access-tokens", .json(["name": "Backup"])).json?["accessToken"]?
            .text ?? ""
        let changed = browser.post(
            "/account/password",
            .form([
                "_method": "PUT", "_token": browser.csrfToken ?? "", "current_password": ada.password,
                "password": "another handful of words",
            ]))
        #expect(changed.status == 303 && changed["Location"] == "/account/password/changed")
        let page = browser.get("/account/password/changed").text
        #expect(
            page.contains("the application <bdi>Web</bdi>")
                && page.contains("your personal access token <bdi>Backup</bdi>"))
        #expect(page.contains(#"href="/account/tokens">Revoke all personal access tokens</a>"#))
        #expect(stack.bearerStatus(personal) == 404 && stack.bearerStatus(third.access) == 404)
        #expect(stack.bearerStatus(first.access) == 401, "a first-party application is a session")
        browser.csrfToken = nil
        let question = browser.get("/account/tokens")
        #expect(
            question.text.contains("Revoke all your personal access tokens?") && stack.bearerStatus(personal) == 404)
        let done = browser.post(
            "/account/tokens", .form(["_method": "DELETE", "_token": question.hidden("_token") ?? ""]))
        #expect(done.status == 303 && stack.bearerStatus(personal) == 401 && stack.bearerStatus(third.access) == 404)
        #expect(browser.get("/account").text.contains("All personal access tokens have been revoked."))
        #expect(browser.get("/account/password/changed").text.contains("the application <bdi>Web</bdi>"))
    }

    // MARK: one click must not delete anything

    @Test func `every action that cannot be undone is a link to a question, also with scripts off`() throws {
        let (ada, web) = (stack.ada, stack.web)
        _ = (
            stack.tokens(ada, web), stack.browser(of: ada),
            stack.firstParty(ada).post("/oauth/personal-access-tokens", .json(["name": "Backup"]))
        )
        let made = stack.firstParty(ada).post(
            "/oauth/clients", .json(["name": "Mine", "redirect": "https://a.example"]))
        let (id, browser) = (made.json?["id"]?.text ?? "", stack.browser(of: ada))
        let account = browser.get("/account").text
        let edit = browser.get("/account/clients/\(id)/edit").text
        for page in [account, edit] {
            // Signing out is a question too. The form of a client saves the text that was typed
            // into it.
            #expect(!page.contains(#"value="DELETE""#) && !page.contains("/secret\" method"))
        }
        let links = (account + edit).matches(
            of:
                #/href="(/account/(?:applications/[^"]+|tokens/[^"]{20,}|sessions[^"]*|clients/[^"]+/(?:delete|secret)))"/#
        )
        .map { String($0.1) }
        #expect(links.count >= 6, "\(links)")
        for link in Set(links) {
            let question = browser.get(link)
            #expect(question.status == 200 && question.text.contains("<form method=\"post\""), "\(link)")
            #expect(question.text.contains(#"<a class="button" href="/account">Cancel</a>"#))
        }
        #expect(stack.firstParty(ada).get("/oauth/clients").text.contains(id), "asking has changed nothing")
        for path in [
            "applications/nothing", "tokens/nothing", "clients/nothing/delete", "clients/\(web.id)/secret",
            "sessions/nothing",
        ] {
            #expect(browser.get("/account/\(path)").status == 404, "\(path)")
        }
        let token = browser.get("/account/clients/\(id)/delete").hidden("_token") ?? ""
        #expect(
            browser.post("/oauth/clients/\(id)", .form(["_method": "DELETE", "_token": token]))["Location"]
                == "/account")
        #expect(!stack.firstParty(ada).get("/oauth/clients").text.contains(id))
    }

    @Test(arguments: ["12345678", "password", "qwertyuiop", "aaaaaaaa"])
    func `the form, the API and the console refuse the same weak passwords`(password: String) throws {
        let mark = Random.alphanumeric(8)
        let browser = stack.browser()
        browser.get("/register")
        let fields: Form = [
            "_token": browser.cookies["XSRF-TOKEN"] ?? "", "name": "A", "email": "\(mark)@example.com",
            "password": password,
        ]
        #expect(browser.post("/register", .form(fields)).status == 422)
        let document: JSON = ["name": "A", "email": .string("\(mark)@example.com"), "password": .string(password)]
        #expect(
            stack.consumer().post("/api/users", .json(document)).json?["errors"]?["password"] == [
                "The password is one of the most common ones."
            ])
        let console = try stack.console("user", "create", "\(mark)@example.com", input: password + "\n")
        #expect(console.status == 1 && console.error == "consulate: The password is one of the most common ones.\n")
        let ada = stack.ada
        #expect(try stack.console("user", "password", ada.email, input: password + "\n").status == 1)
        #expect(stack.firstParty(ada).get("/oauth/clients").status == 200)
    }
}
