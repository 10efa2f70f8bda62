import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// The parts and languages of the pages, and the parts that an operator may replace.
@Suite struct `Pages` {
    let stack = Stack.shared

    // MARK: assets

    @Test func `stylesheet, script and icon are cached forever under a name with a digest of their contents`() throws {
        let page = stack.browser().get("/login")
        let names = page.text.matches(of: #/\/oauth\/assets\/[a-z]+-([0-9a-f]{16})\.(css|js|svg)/#).map {
            (String($0.0), String($0.1))
        }
        #expect(Set(names.map(\.0)).count == 3)
        for (address, digest) in names {
            let asset = stack.consumer().get(address)
            #expect(asset.status == 200)
            #expect(asset["Cache-Control"] == "public, max-age=31536000, immutable")
            #expect(Digest.hexadecimal(asset.body).hasPrefix(digest))
            #expect(asset["Set-Cookie"] == nil)
        }
        #expect(stack.consumer().get("/oauth/assets/style-0000000000000000.css").status == 404)
    }

    @Test(arguments: [
        "guest /login", "guest /register", "guest /logout", "guest /nowhere", "/logout", "/nowhere",
        "/account/password", "/account/tokens/create",
        "/account/clients/create", "/account", "/oauth/authorize",
    ])
    func `every page forbids foreign scripts and frames, sends no referrer, and is not cached`(visit: String) throws {
        let path = visit.replacing("guest ", with: "")
        let browser = path == visit ? stack.browser(of: stack.ada) : stack.browser()
        let page = browser.get(path == "/oauth/authorize" ? stack.authorizeAddress(stack.web) : path)
        #expect(page.status == (path == "/nowhere" ? 404 : 200))
        let policy = try #require(page["Content-Security-Policy"])
        #expect(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'")
                && policy.contains("base-uri 'none'"))
        #expect(!policy.contains("unsafe") && !policy.contains("*"))
        #expect(
            page["Referrer-Policy"] == "no-referrer" && page["Cache-Control"] == "no-store"
                && page["X-Frame-Options"] == "DENY")
        #expect(!page.text.contains("style=") && !page.text.contains(" onclick"))
    }

    // MARK: languages

    @Test(
        arguments: [
            ("de", "de"), ("de-CH,de;q=0.9,en;q=0.8", "de"), ("en;q=0.5,de;q=0.6", "de"), ("fr,it", "en"),
            ("fr,de;q=0.1", "de"), ("de;q=0,en", "en"),
            ("*", "en"), ("", "en"), (";;;q=,", "en"),
        ]) func `Accept-Language chooses the language by weight`(header: String, language: String)
    {
        let page = stack.browser().send("GET", "/login", fields: [("Accept-Language", header)])
        #expect(page["Content-Language"] == language)
        #expect(page.text.contains("<html lang=\"\(language)\""))
    }

    @Test func `an error page shows a person no hint for developers`() {
        let page = stack.browser().get("/oauth/authorize?client_id=nobody")
        #expect(page.status == 400 && page.text.contains("This sign-in link doesn't work"), "\(page.text)")
        #expect(!page.text.contains("Check the") && !page.text.contains("parameter"))
        let script = stack.consumer().get("/oauth/authorize?client_id=nobody")
        #expect(script.json?["hint"] == "Check the `client_id` parameter")
    }

    @Test func `ui_locales has priority over Accept-Language, also on error pages`() {
        let page = stack.browser().send(
            "GET", "/oauth/authorize?client_id=nobody&ui_locales=xx%20de", fields: [("Accept-Language", "en")])
        #expect(page.status == 400)
        #expect(page["Content-Language"] == "de")
    }

    @Test func `every language has the same texts with the same values`() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../Sources/Pages/Texts")
            .standardizedFileURL
        func texts(_ language: String) throws -> [String: Set<String>] {
            guard
                case .object(let members)? = JSON(
                    parsing: Array(try Data(contentsOf: folder.appending(path: "\(language).json"))))
            else {
                return [:]
            }
            return Dictionary(
                uniqueKeysWithValues: members.map {
                    ($0.name, Set(($0.value.text ?? "").matches(of: #/\{\{[^}]+\}\}/#).map { String($0.0) }))
                })
        }
        let english = try texts("en")
        #expect(english.count > 190)
        #expect(try texts("de") == english)
    }

    // MARK: replacements by an operator

    @Test func `an operator's name, logo, colour, templates and texts replace ours`() throws {
        let folder = Folder.root.appending(path: "views-\(Random.alphanumeric(6))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(
            "{{<layout}}{{$title}}Bye{{/title}}{{$content}}<h1>Come back soon to {{appName}}</h1>{{/content}}{{/layout}}"
                .utf8
        )
        .write(to: folder.appending(path: "signed-out.mustache"))
        try Data(#"{"signIn.submit": "Let me in"}"#.utf8).write(to: folder.appending(path: "en.json"))
        try Data("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8).write(to: folder.appending(path: "mark.svg"))
        let branded = Stack.start(
            "branded",
            settings: [
                "APP_NAME": "Orchard & Co", "APP_COLOR": "#ffdd00",
                "APP_LOGO": folder.appending(path: "mark.svg").path(),
                "VIEWS_PATH": folder.path(),
            ])
        defer { branded.stop() }
        let page = branded.browser().get("/login")
        #expect(page.text.contains("Sign in to Orchard &amp; Co") && page.text.contains("Let me in"))
        let logo = try #require(page.text.firstMatch(of: #/<img src="([^"]+)" alt="Orchard &amp; Co">/#)).1
        #expect(branded.consumer().get(String(logo))["Content-Type"] == "image/svg+xml")
        #expect(branded.browser().get("/logout").text.contains("<h1>Come back soon to Orchard &amp; Co</h1>"))
        let style = try #require(page.text.firstMatch(of: #/\/oauth\/assets\/style[^"]+/#)).0
        let accents = branded.consumer().get(String(style)).text.matches(
            of: #/--accent: (#[0-9a-f]{6}); --on-accent: (#[0-9a-f]{6})/#
        ).map {
            "\($0.1) \($0.2)"
        }
        #expect(
            accents.count == 2 && accents[0].hasSuffix(" #ffffff") && accents[1] == "#ffdd00 #000000",
            "yellow is darkened on white: \(accents)")
    }

    @Test(
        arguments: [
            ("sign-in.mustache", "{{nonsense}}", "nonsense"), ("sign-in.mustache", "{{>nowhere}}", "nowhere"),
            ("sign-in.mustache", "{{#email}}", "sign-in"),
            ("sign-in.mustache", "{{{returnTo}}}", "returnTo"), ("sing-in.mustache", "<p>", "sing-in"),
            ("en.json", "{", "en.json"),
            ("en.json", #"{"signIn.sumbit": "x"}"#, "signIn.sumbit"), ("en.json", #"{"direction": "up"}"#, "direction"),
            ("fr.json", #"{"signIn.submit": "Entrer"}"#, "fr.json"),
            ("de.json", #"{"signIn.heading": "{{appname}}"}"#, "appname"),
            ("consent.mustache", "{{#hasScopes}}{{^hasScopes}}{{hidden}}{{/hasScopes}}{{/hasScopes}}", "hidden"),
        ]) func `an unusable template or text stops the start, with one sentence that names it`(
            file: String, text: String, name: String
        )
        throws
    {
        let folder = Folder.root.appending(path: "views-\(Random.alphanumeric(6))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appending(path: file))
        let own = stack.environment.merging(["LISTEN": "unix:\(folder.path())/s.sock", "VIEWS_PATH": folder.path()]) {
            _, new in new
        }
        let (status, _, error) = try ChildProcess.output(
            Folder.program, ["serve", "--env", stack.folder.appending(path: "env").path()], environment: own)
        #expect(status == 1)
        #expect(error.contains(name) && error.split(separator: "\n").count == 1, "\(error)")
    }

    // MARK: nginx's own pages

    @Test func `nginx's own errors are pages for a browser`() throws {
        let dead = Stack.start("deadpages")
        defer { dead.stop() }
        let large = dead.browser().post(
            "/login", .raw(String(repeating: "x", count: 100_000), type: "application/x-www-form-urlencoded"))
        #expect(
            large.status == 413 && large["Content-Type"] == "text/html"
                && large.text.contains("<h1>That was too large</h1>"))
        for responder in dead.responders { responder.end() }
        let away = dead.browser().get("/login")
        #expect(
            away.status == 502 && away["Retry-After"] != nil
                && away.text.contains("<h1>We cannot answer at the moment</h1>"))
        let style = try #require(away.text.firstMatch(of: #/<style>(.*)<\/style>/#)).1
        let digest = Data(Digest.sha256(String(style))).base64EncodedString()
        for page in [large, away] {
            #expect(page["Content-Security-Policy"]?.contains("'sha256-\(digest)'") == true)
            #expect(
                page["X-Frame-Options"] == "DENY" && page["Referrer-Policy"] == "no-referrer"
                    && page["Cache-Control"] == "no-store")
            #expect(page.text.contains(#"<a href="">Try again</a>"#))
        }
    }

    @Test func `a browser gets a page when nginx limits its sign-ins`() {
        let limited = Stack.start("limitedpages", limit: "1r/m")
        defer { limited.stop() }
        let request = limited.browser().request("POST", "/login")
        let refused = Wire.send(Array(repeating: request, count: 40), to: limited.port).compactMap { $0 }.filter {
            $0.status == 429
        }
        #expect(
            !refused.isEmpty
                && refused.allSatisfy { $0["Retry-After"] != nil && $0.text.contains("<h1>Too many attempts</h1>") })
    }
}
