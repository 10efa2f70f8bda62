import AuthorizationServer
import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import OAuth
import Storage
import Testing

/// The console `consulate`, run as people run it.
@Suite struct `The console` {
    static let stack = Stack.start("console", settings: ["PASSWORD_GRANT": "true"])
    let stack = Self.stack

    /// Runs a command without the settings of a stack.
    private func bare(
        _ arguments: String..., environment: [String: String] = [:], input: String = "", folder: URL? = nil
    ) throws -> (
        status: Int32, output: String, error: String
    ) {
        try ChildProcess.output(Folder.program, arguments, environment: environment, input: input, folder: folder)
    }

    private func value(_ name: String, _ output: String) -> String {
        output.split(separator: "\n").first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
            ?? ""
    }

    // MARK: help and errors

    @Test(
        arguments: [
            [], ["serve"], ["migrate"], ["install"], ["keys"], ["client"], ["client", "list"], ["client", "revoke"],
            ["client", "rotate"],
            ["user", "create"],
            ["user", "password"], ["user", "unlock"], ["token", "revoke"], ["purge"], ["routes"], ["settings"],
            ["doctor"], ["dev"],
        ]) func `every command explains itself`(command: [String]) throws
    {
        let help = try ChildProcess.output(Folder.program, command + ["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("OVERVIEW: "))
        #expect(help.output.contains("USAGE: consulate"))
        #expect(help.error.isEmpty)
    }

    @Test func `the input of a started program is not a pipe, whose end could end the server of make run`() throws {
        #expect(try !ChildProcess.output("readlink", ["/proc/self/fd/0"], input: "text").output.hasPrefix("pipe:"))
        #expect(try ChildProcess.run("cat", [], input: "text") == "text")
        #expect(try ChildProcess.output("true", [], input: String(repeating: "x", count: 1_000_000)).status == 0)
    }

    @Test func `routes prints the table as text, as Markdown and as JSON`() throws {
        let document = try #require(
            JSON(parsing: Array(try ChildProcess.run(Folder.program, ["routes", "--json"]).utf8)))
        guard case .array(let rows) = document else { throw CancellationError() }
        let lines = try ChildProcess.run(Folder.program, ["routes"]).split(separator: "\n")
        #expect(rows.count == lines.count && rows.count > 40)
        let token = try #require(rows.first { $0["name"] == "token" })
        #expect(
            token["method"] == "POST" && token["path"] == "/oauth/token" && token["access"] == "client"
                && token["group"] == "Author Api")
        let markdown = try ChildProcess.run(Folder.program, ["routes", "--markdown"]).split(separator: "\n")
        #expect(
            markdown.count == rows.count + 2
                && markdown.contains { $0.hasPrefix("| POST | `/oauth/token` | token | client |") })
        let both = try ChildProcess.output(Folder.program, ["routes", "--json", "--markdown"])
        #expect(both.status != 0 && both.output.isEmpty)
    }

    @Test func `--version prints the version`() throws {
        #expect(try bare("--version").output.hasPrefix("consulate "))
    }

    @Test(
        arguments: [
            ["nonsense"], ["client"], ["client", "--public", "name"],
            ["client", "--machine", "--redirect", "https://a.example", "name"],
            ["client", "--redirect", "http://a.example", "name"], ["client", "--nonsense"],
            ["client", "--machine", "--auth-method", "none", "name"],
            ["client", "--public", "--auth-method", "client_secret_basic", "--redirect", "https://a.example", "name"],
            ["client", "revoke", "unknown"],
            ["client", "rotate", "unknown"],
            ["user", "create", "nobody"], ["user", "password", "nobody@example.com"], ["token", "revoke", "unknown"],
            ["keys"],
            ["keys", "--for", "nothing", "--force"],
        ]) func `an error is one line on stderr with exit status 1`(command: [String]) throws
    {
        let result = try ChildProcess.output(
            Folder.program,
            command + (command == ["nonsense"] ? [] : ["--env", stack.folder.appending(path: "env").path()]),
            environment: stack.environment)
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.error.hasPrefix("consulate: "))
        #expect(result.error.filter { $0 == "\n" }.count == 1, "\(result.error)")
    }

    // MARK: clients, users, tokens

    @Test func `a client is created, listed, rotated and revoked`() throws {
        let made = try stack.console("client", "--machine", "Nightly import")
        #expect(made.status == 0)
        let (id, secret) = (value("client_id", made.output), value("client_secret", made.output))
        func issue(_ secret: String) -> Int {
            stack.token(["grant_type": "client_credentials", "client_id": id, "client_secret": secret]).status
        }
        #expect(issue(secret) == 200)
        #expect(try stack.console("client", "list").output.contains("\(id)  confidential  Nightly import"))
        let rotated = value("client_secret", try stack.console("client", "rotate", id).output)
        #expect(issue(secret) == 401)
        #expect(issue(rotated) == 200)
        #expect(try stack.console("client", "revoke", id).status == 0)
        #expect(issue(rotated) == 401)
        #expect(try !stack.console("client", "list").output.contains(secret))
    }

    @Test func `each kind of client can use its own grant`() throws {
        let redirect = "https://client.example/callback"
        let own = try stack.console(
            "client", "--first-party", "--redirect", redirect, "--redirect", "https://two.example/cb", "Own")
        let app = Application(
            id: value("client_id", own.output), secret: value("client_secret", own.output), redirectURI: redirect)
        #expect(stack.browser(of: stack.ada).get(stack.authorizeAddress(app, scope: nil)).located("code") != nil)
        let open = try stack.console("client", "--public", "--redirect", redirect, "Open")
        #expect(value("client_secret", open.output).isEmpty)
        let (trusted, ada) = (try stack.console("client", "--password", "Trusted"), stack.ada)
        let answer = stack.token([
            "grant_type": "password", "client_id": value("client_id", trusted.output),
            "client_secret": value("client_secret", trusted.output),
            "username": ada.email, "password": ada.password,
        ])
        #expect(answer.status == 200)
    }

    @Test(arguments: ["client_secret_basic", "client_secret_post"])
    func `RFC 7591 §2: a client with a method of authentication can use no other method`(method: String) throws {
        let made = try stack.console("client", "--machine", "--auth-method", method, "Strict")
        let machine = Application(
            id: value("client_id", made.output), secret: value("client_secret", made.output), redirectURI: "")
        let basic = stack.consumer().send(
            "POST", "/oauth/token", .form(["grant_type": "client_credentials"]), fields: [machine.basic])
        let post = stack.token([
            "grant_type": "client_credentials", "client_id": .init(machine.id), "client_secret": machine.secret ?? "",
        ])
        #expect((basic.status == 200) == (method == "client_secret_basic"))
        #expect((post.status == 200) == (method == "client_secret_post"))
        #expect([basic, post].contains { $0.status == 401 && $0.json?["error"] == "invalid_client" })
    }

    @Test func `a user's change of a client keeps the members that only an operator writes`() throws {
        let made = try stack.console(
            "client", "--first-party", "--redirect", "https://client.example/cb", "--auth-method",
            "client_secret_basic", "Kept")
        let (id, ada) = (value("client_id", made.output), stack.ada)
        try stack.connection().execute("UPDATE oauth_clients SET user_id = ? WHERE id = ?", ada.id, id)
        let answer = stack.script(of: ada).put(
            "/oauth/clients/\(id)",
            .json([
                "name": "Changed", "redirect": "https://client.example/other", "grant_types": ["client_credentials"],
                "first_party": false, "token_endpoint_auth_method": "none",
            ]))
        #expect(answer.status == 200 && answer.json?["name"] == "Changed")
        let row = try #require(
            try stack.connection().row(
                "SELECT allowed_grants, first_party, client_metadata FROM oauth_clients WHERE id = ?", id))
        #expect(try row.text("allowed_grants") == #"["authorization_code","refresh_token"]"#)
        #expect(try row.flag("first_party"))
        #expect(
            try row.text("client_metadata") == #"{"token_endpoint_auth_method":"client_secret_basic"}"#)
        try stack.connection().execute(
            "UPDATE oauth_clients SET allowed_grants = '[ 7 ]', client_metadata = 'a text' WHERE id = ?", id)
        let again: JSON = ["name": "Again", "redirect": "https://client.example/other"]
        #expect(stack.script(of: ada).put("/oauth/clients/\(id)", .json(again)).json?["name"] == "Again")
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_clients WHERE id = ? AND allowed_grants = '[ 7 ]' AND client_metadata = 'a text'",
                id) == 1, "a value that the change does not concern stays as it is")
    }

    @Test func `the change of a client that was revoked meanwhile changes nothing`() throws {
        let (web, connection) = (stack.web, stack.connection())
        let clients = ClientRepository(connection)
        let metadata = try #require(try clients.find(Client.ID(web.id))).metadata
        func update() throws -> Bool {
            try connection.change(.clientUpdated) { change in
                try clients.update(Client.ID(web.id), to: metadata, by: .user, in: change)
            }
        }
        #expect(try update())
        try connection.change(.clientRevoked) { change in try clients.revoke(Client.ID(web.id), in: change) }
        #expect(try !update())
    }

    @Test(arguments: ["http://127.0.0.1/cb", "http://[::1]:8080/cb", "com.example.app:/cb"])
    func `RFC 8252 §8.6: a public client that any program can claim to be is not first-party`(redirect: String) throws {
        let result = try stack.console(
            "client", "--public", "--first-party", "--redirect", "https://client.example/cb", "--redirect", redirect,
            "App")
        #expect(result.status == 1 && result.error.contains("A public client with \(redirect) cannot be first-party"))
        #expect(
            try stack.console("client", "--public", "--first-party", "--redirect", "https://client.example/cb", "App")
                .status == 0)
    }

    @Test func `a client has twenty redirect URIs at most`() throws {
        func make(_ count: Int) throws -> (status: Int32, output: String, error: String) {
            let redirects = (1...count).flatMap { ["--redirect", "https://client.example/\($0)"] }
            return try ChildProcess.output(
                Folder.program, ["client"] + redirects + ["Many", "--env", stack.folder.appending(path: "env").path()],
                environment: stack.environment)
        }
        #expect(try make(20).status == 0)
        let result = try make(21)
        #expect(result.status == 1 && result.error == "consulate: A client has at most 20 redirect URIs.\n")
    }

    @Test(arguments: ["two@signs@example.com", "no one@example.com", "<x>@example.com"])
    func `an email address that no form accepts is refused`(
        email: String
    ) throws {
        let result = try stack.console("user", "create", email, input: "four unrelated words\n")
        #expect(result.status == 1 && result.error == "consulate: \(email) is no email address.\n")
    }

    @Test func `a user is created, and a changed password ends the sessions`() throws {
        let email = "console-\(UUID().uuidString.lowercased())@example.com"
        #expect(try stack.console("user", "create", email, "--name", "Console", input: "short\n").status == 1)
        #expect(try stack.console("user", "create", email, "--name", "Console", input: "long enough\n").status == 0)
        #expect(try stack.console("user", "create", email, input: "long enough\n").error.contains("already"))
        let person = Person(id: "", name: "Console", email: email, password: "long enough")
        let browser = stack.browser(of: person)
        #expect(browser.get("/oauth/clients").status == 200)
        #expect(try stack.console("user", "password", email, input: "another one\n").status == 0)
        #expect(browser.get("/oauth/clients").status == 302)
        #expect(stack.browser().signIn(person).status == 422)
        #expect(stack.browser().signIn(person, password: "another one").status == 303)
    }

    @Test func `a token is revoked by its text or by its id`() throws {
        let (ada, web) = (stack.ada, stack.client("Web", grants: [.authorizationCode, .refreshToken]))
        for byID in [false, true] {
            let tokens = stack.tokens(ada, web, scope: nil)
            #expect(stack.bearerStatus(tokens.access) == 404)
            #expect(
                try stack.console("token", "revoke", byID ? claims(tokens.access)?["jti"]?.text ?? "" : tokens.access)
                    .status == 0)
            #expect(stack.bearerStatus(tokens.access) == 401)
            #expect(stack.token(stack.refreshment(tokens.refresh, web)).status == 400)
        }
    }

    // MARK: installing

    @Test func `install creates the key, APP_KEY and the tables, and a second run changes nothing`() throws {
        let folder = Folder.root.appending(path: "install")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Folder.mariaDB.query("CREATE DATABASE IF NOT EXISTS installed")
        let environment = ["DB_SOCKET": Folder.mariaDB.socket, "DB_DATABASE": "installed", "DB_USERNAME": "root"]
        try Data("APP_NAME=x".utf8).write(to: folder.appending(path: ".env"))
        let first = try bare("install", environment: environment, folder: folder)
        #expect(first.status == 0, "\(first.error)")
        func read(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let (env, key) = (try read(".env"), try read("access-token-private.key"))
        #expect(env.wholeMatch(of: #/APP_NAME=x\nAPP_KEY=base64:[A-Za-z0-9+\/]{43}=\n/#) != nil)
        let mode =
            try FileManager.default.attributesOfItem(atPath: folder.appending(path: "access-token-private.key").path())[
                .posixPermissions] as? Int
        #expect(mode == 0o600)
        let second = try bare("install", environment: environment, folder: folder)
        #expect(second.status == 0)
        #expect(second.output.contains("up to date"))
        #expect(try read(".env") == env)
        #expect(try read("access-token-private.key") == key)
        #expect(try bare("migrate", environment: environment, folder: folder).output == "the database is up to date\n")
    }

    @Test func `tokens that the old key signed are still valid after keys --force`() throws {
        let turned = Stack.start("turned")
        let token = turned.tokens(turned.ada, turned.client("Web", grants: [.authorizationCode]), scope: nil).access
        #expect(try turned.console("keys").error.contains("--force"))
        #expect(try turned.console("keys", "--force").status == 0)
        turned.stop()
        let again = try ChildProcess(
            Folder.program, ["serve", "--env", turned.folder.appending(path: "env").path()],
            environment: turned.environment.merging(["LISTEN": "unix:\(turned.folder.path())/again.sock"]) { _, new in
                new
            },
            log: turned.folder.appending(path: "again.log"))
        defer { again.end() }
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: "\(turned.folder.path())/again.sock") {
            usleep(20_000)
        }
        let port = LocalPort.free()
        let nginx = try PrivateNginx(
            in: turned.folder.appending(path: "nginx-again"), port: port,
            responders: ["unix:\(turned.folder.path())/again.sock"], limit: "1000r/s")
        try nginx.start()
        defer { nginx.stop() }
        #expect(LocalPort.waits(for: port))
        guard case .array(let keys)? = Consumer(port).get("/.well-known/jwks.json").json?["keys"] else {
            Issue.record("no keys")
            return
        }
        #expect(keys.count == 2)
        #expect(Consumer(port, bearer: token).get("/api/users?name=nobody").status == 404)
    }

    @Test(
        arguments: [
            (["APP_KEY": "nonsense"], "APP_KEY"), (["DB_PORT": "x"], "DB_PORT"),
            (["KEYS_PATH": "/nowhere"], "/nowhere/access-token-private.key"),
            (["PASSPORT_PRIVATE_KEY": "nonsense"], "PASSPORT_PRIVATE_KEY"),
            (["ACCESS_TOKEN_PRIVATE_KEY": "nonsense"], "ACCESS_TOKEN_PRIVATE_KEY"), (["LISTEN": "nonsense"], "LISTEN"),
            (["LISTEN": "unix:/nowhere/x.sock"], "LISTEN"),
            (["TOKEN_PROFILE": "passport"], "oauth-private.key"), (["DB_DATABASE": "no_such_database"], "database"),
            (["DEBUGBAR_ENABLED": "true", "APP_ENV": "production"], "DEBUGBAR_ENABLED"),
            (["LISTEN": "inherited"], "LISTEN"),
        ]) func `a setting that cannot be used stops the start, with one sentence that names it`(
            settings: [String: String], name: String
        ) throws
    {
        let result = try ChildProcess.output(
            Folder.program, ["serve", "--env", stack.folder.appending(path: "env").path()],
            environment: stack.environment.merging(settings) { _, new in new })
        #expect(result.status == 1)
        let line = result.error.split(separator: "\n").last.map(String.init) ?? ""
        #expect(line.hasPrefix("consulate: ") && line.contains(name), "\(result.error)")
    }

    @Test func `serve refuses a database that lacks tables`() throws {
        try Folder.mariaDB.query("CREATE DATABASE IF NOT EXISTS empty")
        let result = try ChildProcess.output(
            Folder.program, ["serve", "--env", stack.folder.appending(path: "env").path()],
            environment: stack.environment.merging(["DB_DATABASE": "empty", "LISTEN": "127.0.0.1:\(LocalPort.free())"])
            { _, new in new })
        #expect(result.status == 1)
        #expect(result.error.contains("consulate migrate"))
    }

    // MARK: the doctor

    @Test func `the doctor finds each problem, and names the command that fixes it`() throws {
        func doctor(_ settings: [String: String], _ arguments: String...) throws -> (
            status: Int32, output: String, error: String
        ) {
            let listening = ["LISTEN": "unix:\(stack.folder.path())/0.sock"]
            let nginx = stack.folder.appending(path: "nginx/nginx.conf").path()
            return try ChildProcess.output(
                Folder.program,
                ["doctor", "--env", stack.folder.appending(path: "env").path()]
                    + (arguments.isEmpty ? ["--nginx", nginx] : arguments),
                environment: stack.environment.merging(listening) { _, new in new }.merging(settings) { _, new in new })
        }
        let well = try doctor([:])
        #expect(well.status == 0, "\(well.output)")
        #expect(!well.output.contains("problem"))
        try Folder.mariaDB.query("CREATE DATABASE IF NOT EXISTS empty")
        try Folder.mariaDB.query("CREATE USER IF NOT EXISTS somebody@localhost IDENTIFIED VIA unix_socket")
        let world = stack.folder.appending(path: "world")
        try FileManager.default.createDirectory(at: world, withIntermediateDirectories: true)
        try Data(contentsOf: stack.folder.appending(path: "access-token-private.key")).write(
            to: world.appending(path: "access-token-private.key"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: world.appending(path: "access-token-private.key").path())
        try Data("nonsense;".utf8).write(to: world.appending(path: "nginx.conf"))
        let cases: [([String: String], String)] = [
            (["DB_PORT": "x"], "consulate settings"), (["APP_KEY": "nonsense"], "APP_KEY=base64:"),
            (["KEYS_PATH": "/nowhere"], "consulate keys"),
            (["KEYS_PATH": world.path()], "chmod 600 "), (["DB_SOCKET": "/nowhere.sock"], "systemctl start mariadb"),
            (["DB_DATABASE": "no_such_database"], "CREATE DATABASE"),
            (["DB_USERNAME": "somebody"], "runuser -u somebody -- consulate doctor"),
            (["DB_DATABASE": "empty"], "consulate migrate"),
            (["LISTEN": "unix:/nowhere/x.sock"], "install -d -m 750 -g www-data /nowhere"),
            (["LISTEN": "unix:\(stack.folder.path())/nobody.sock"], "consulate serve"),
        ]
        for (settings, remedy) in cases {
            let ill = try doctor(settings)
            #expect(ill.status == 1)
            #expect(ill.output.contains("problem  "))
            #expect(ill.output.contains("mend it with: ") && ill.output.contains(remedy), "\(settings): \(ill.output)")
            #expect(ill.error.contains("There is 1 problem."), "\(settings): \(ill.output)")
        }
        #expect(try doctor([:], "--nginx", world.appending(path: "nginx.conf").path()).output.contains("nginx -t"))
    }

    @Test func `the doctor says which check it may not run and how to run it, and does not call it a problem`() throws {
        let folder = stack.folder.appending(path: "hidden")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (configuration, hidden) = (folder.appending(path: "nginx.conf"), folder.appending(path: "hidden.conf"))
        try Data("include hidden.conf;".utf8).write(to: configuration)
        try Data().write(to: hidden)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: hidden.path())
        let result = try unprivileged(
            ["doctor", "--env", stack.folder.appending(path: "env").path(), "--nginx", configuration.path()],
            stack.environment.merging(["LISTEN": "unix:\(stack.folder.path())/0.sock"]) { _, new in new })
        #expect(
            result.output.contains("unknown  nginx: \(NSUserName()) may not test its configuration"), "\(result.output)"
        )
        #expect(result.output.contains("find out with: sudo nginx -t -c \(configuration.path())"))
        #expect(result.status == 0)
    }

    /// Runs a command as a user who may not read every file.
    ///
    /// Root may read every file unless this right is removed.
    private func unprivileged(_ arguments: [String], _ environment: [String: String] = [:]) throws -> (
        status: Int32, output: String, error: String
    ) {
        let command = [Folder.program] + arguments
        return try ChildProcess.output(
            "env",
            NSUserName() == "root" ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] + command : command,
            environment: environment
        )
    }

    @Test func `a settings file in a closed folder is an error and is not ignored`() throws {
        let folder = stack.folder.appending(path: "closed")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("DB_PORT=x".utf8).write(to: folder.appending(path: "env"))
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.path())
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path()) }
        let result = try unprivileged(["migrate", "--env", folder.appending(path: "env").path()])
        #expect(result.status == 1)
        #expect(
            result.error
                == "consulate: \(folder.path())/env cannot be read: its owner or mode does not let \(NSUserName()) do so.\n"
        )
    }

    @Test func `the doctor warns of an old redirect URI that could not be registered today and still works`() throws {
        let old = Stack.start("old_redirect")
        defer { old.stop() }
        let web = old.client("Old", redirect: "http://plain.example/cb", grants: [.authorizationCode])
        #expect(old.script(of: old.ada).get(old.authorizeAddress(web)).status == 200)
        let result = try ChildProcess.output(
            Folder.program,
            [
                "doctor", "--env", old.folder.appending(path: "env").path(), "--nginx",
                old.folder.appending(path: "nginx/nginx.conf").path(),
            ],
            environment: old.environment.merging(["LISTEN": "unix:\(old.folder.path())/0.sock"]) { _, new in new })
        #expect(result.output.contains("http://plain.example/cb"))
        #expect(result.status == 1)
    }

    // MARK: secrets that are never printed or logged

    @Test func `settings never prints a secret, and no log line holds one`() throws {
        let shown = try ChildProcess.output(
            Folder.program, ["settings", "--env", stack.folder.appending(path: "env").path()],
            environment: stack.environment.merging(["DB_PASSWORD": "hunter2"]) { _, new in new })
        #expect(shown.status == 0)
        #expect(!shown.output.contains("hunter2"))
        #expect(!shown.output.contains("base64:") || shown.output.contains("`base64:`"))
        let (ada, web) = (stack.ada, stack.client("Web", grants: [.authorizationCode, .refreshToken]))
        let tokens = stack.tokens(ada, web, scope: nil)
        stack.browser().signIn(ada, password: "wrong password 7")
        for secret in [tokens.access, tokens.refresh, web.secret ?? "", ada.password, "wrong password 7"] {
            #expect(!stack.log.contains(secret))
        }
        #expect(stack.log.contains(#""message":"serving""#))
    }
}
