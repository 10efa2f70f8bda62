import Cast
import DevelopmentStack
import Foundation
import HTTP
import HTTPTypes
import Testing

@testable import AuthorizationServer

/// Every failure that the reference shows, produced once and compared with the reference.
@Suite struct `Every documented error` {
    @Test(arguments: Routes.all.filter { !$0.endpoint.isInternal }.map(\.name))
    func `comes over the wire as the reference shows it`(name: String)
        throws
    {
        let route = try #require(Routes.all.first { $0.name == name })
        for refusal in route.refusals {
            let shown = Reference.response(refusal, of: route)
            let answer = try #require(
                Provocation(route, shown).answer(),
                "nothing here provokes \(shown.status.code) of \(name): \(refusal.meaning)")
            #expect(
                answer.status == shown.status.code && answer.text == String(decoding: shown.body, as: UTF8.self),
                "\(name): \(refusal.meaning)")
            for field in [HTTPField.Name.retryAfter, .wwwAuthenticate] where shown.fields[field] != nil {
                #expect(answer[field.canonicalName] != nil, "\(name): \(refusal.meaning)")
            }
            if let challenge = shown.fields[.wwwAuthenticate] { #expect(answer["WWW-Authenticate"] == challenge) }
        }
    }

    @Test func `every route has documentation`() {
        for route in Routes.all {
            #expect(!route.endpoint.text.isEmpty && !route.endpoint.answers.isEmpty, "\(route.name)")
            let inPath = route.path.description.matches(of: #/\{(\w+)\??\}/#).map { String($0.1) }
            #expect(
                Set(inPath) == Set(route.endpoint.parameters.filter { $0.place == .path }.map(\.name)), "\(route.name)")
        }
    }

    @Test func `an example in JSON has no variables, because only a form can contain them`() {
        for route in Routes.all where route.endpoint.bodyType == .json {
            for case .variable(let name, _)? in route.endpoint.parameters.filter({ $0.place == .body }).map(\.sample) {
                Issue.record("\(route.name) has $\(name) in a JSON body")
            }
        }
    }
}

/// A request that must fail as the reference shows.
private struct Provocation {
    private static let debugging = Stack.start("errors_debug", settings: ["DEBUGBAR_ENABLED": "true"])
    private static let closed = Stack.start("errors_closed", settings: ["REGISTRATION": "false"])
    private static let selective = Stack.start("errors_selective", settings: ["REGISTRATION_LIMIT": "1"])
    private static let limited = Stack.start("errors_limited", limit: "1r/m")
    /// A server on the tables of an application, where a user has a second factor.
    private static let factored: (stack: Stack, person: Person) = {
        let before = Stack.start("errors_factored")
        let ada = before.ada
        try! Folder.mariaDB.query(
            """
            CREATE TABLE consulate_adoptions (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
                adopted_at DATETIME NOT NULL, passport VARCHAR(20) NOT NULL);
            INSERT INTO consulate_adoptions (adopted_at, passport) VALUES (NOW(), '9 to 12');
            ALTER TABLE users ADD COLUMN two_factor_secret TEXT NULL;
            UPDATE users SET two_factor_secret = 'secret' WHERE email = '\(ada.email)';
            """, database: before.server.database)
        return (before.again(), ada)
    }()
    /// A server with a stopped database, a user who signed in before, and a client.
    private static let outage: (stack: Stack, cookies: [String: String], bearer: String?, machine: Cast.Application) = {
        let folder = Folder.root.appending(path: "errors-away")
        try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mariaDB = PrivateMariaDB(in: folder)
        try! mariaDB.start()
        let stack = Stack.start(
            "errors_away", settings: ["DEBUGBAR_ENABLED": "true", "DB_CONNECT_TIMEOUT": "1"], on: mariaDB)
        let ada = stack.ada
        let parts = (stack, stack.script(of: ada).cookies, stack.firstParty(ada).bearer, stack.machine)
        mariaDB.stop()
        return parts
    }()

    private let route: Route
    private let shown: Response
    private let stack = Stack.shared

    init(_ route: Route, _ shown: Response) {
        self.route = route
        self.shown = shown
    }

    func answer() -> Answer? {
        switch shown.status.code {
        case 400: badRequest()
        case 401: unauthorized()
        case 403: forbidden()
        case 404: notFound()
        case 413: body(.raw(String(repeating: "x", count: 70_000), type: "application/json"))
        case 415: body(.raw("x", type: "text/plain"))
        case 419: withoutProof()
        case 422: unprocessable()
        case 429: tooMany()
        case 503: away()
        default: nil
        }
    }

    private var method: String { route.method.rawValue }

    /// Returns the route's path with the given values, or with the name of a resource that does not
    /// exist.
    private func path(_ values: [String: String] = [:]) -> String {
        route.path.description.replacing(#/\/\{(\w+)(\??)\}/#) { match in
            if let value = values[String(match.1)] { return "/" + value }
            return match.2.isEmpty ? "/0" : ""
        }
    }

    /// Returns a consumer that may call the route.
    private func caller(on stack: Stack = Stack.shared, _ person: Person? = nil) -> Consumer {
        switch route.access {
        case .session: return stack.script(of: person ?? stack.ada)
        case .management: return stack.firstParty(person ?? stack.ada)
        case .bearer: return stack.consumer(bearer: stack.tokens(person ?? stack.ada, stack.web).access)
        case .anyone, .guest, .client:
            let consumer = Consumer(stack.port, accept: "application/json")
            if [.guest, .session].contains(route.credential) {
                consumer.get("/login")
                consumer.csrfToken = consumer.cookies["XSRF-TOKEN"]
            }
            return consumer
        }
    }

    /// Returns the answer to a body that cannot be read, from a caller that may send a body.
    private func body(_ body: Body) -> Answer {
        guard route.endpoint.parameters.contains(where: { $0.place == .body }) else {
            // The body is read only for the CSRF token of a form.
            let script = stack.script(of: stack.ada)
            script.csrfToken = nil
            return script.send(method, path(), body)
        }
        guard route.name == "clients.update" else { return caller().send(method, path(), body) }
        let ada = stack.ada
        return caller(ada).send(method, path(["client_id": clientOf(ada)]), body)
    }

    private func clientOf(_ person: Person, confidential: Bool = true) -> String {
        let made: JSON = ["name": "Shop", "redirect": "https://shop.example", "confidential": .bool(confidential)]
        return stack.firstParty(person).post("/oauth/clients", .json(made)).json?["id"]?.text ?? ""
    }

    private var error: String { JSON(parsing: shown.body)?["error"]?.text ?? "" }

    private func badRequest() -> Answer? {
        if String(decoding: shown.body, as: UTF8.self).contains("not a JSON object") {
            return body(.raw("[", type: "application/json"))
        }
        let (web, machine) = (stack.web, stack.machine)
        func token(_ client: Cast.Application, _ form: Form) -> Answer {
            stack.consumer().send("POST", "/oauth/token", .form(form), fields: [client.basic])
        }
        switch (route.name, error) {
        case ("authorizations.authorize", _): return stack.consumer().get("/oauth/authorize?client_id=nobody")
        case ("authorizations.approve", _), ("authorizations.deny", _):
            return caller().send(method, path(), .form(["auth_token": "a", "auth_token": "b"]))
        case ("token", "invalid_request"): return token(web, [:])
        case ("token", "invalid_grant"): return token(web, ["grant_type": "authorization_code", "code": "x"])
        case ("token", "unauthorized_client"): return token(machine, ["grant_type": "authorization_code", "code": "x"])
        case ("token", "unsupported_grant_type"): return token(machine, ["grant_type": "x"])
        case ("token", "invalid_scope"): return token(machine, ["grant_type": "client_credentials", "scope": "nope"])
        default: return nil
        }
    }

    private func unauthorized() -> Answer? {
        switch route.name {
        case "authorizations.authorize": return stack.consumer().get(stack.authorizeAddress(stack.web))
        case "token":
            return stack.token(["grant_type": "client_credentials", "client_id": "nobody", "client_secret": "x"])
        case "api.login", "login.store":
            return caller().send(method, path(), .json(["email": "nobody@example.com", "password": "x"]))
        default: return stack.consumer().send(method, path())
        }
    }

    private func forbidden() -> Answer? {
        if shown.fields[.wwwAuthenticate] != nil {
            return stack.consumer(bearer: stack.tokens(stack.ada, stack.web).access).send(method, path())
        }
        switch route.name {
        case "api.login", "login.store":
            let (stack, person) = Self.factored
            return caller(on: stack).send(
                method, path(), .json(["email": .string(person.email), "password": .string(person.password)]))
        case "debugbar.cache.delete":
            // nginx sees that this request comes from another address of this machine.
            let curl = [
                "-s", "-i", "--interface", "127.0.0.2", "-X", "DELETE",
                "http://127.0.0.1:\(Self.debugging.port)\(path())",
            ]
            return (try? ChildProcess.output("curl", curl)).flatMap { Answer(Array($0.output.utf8)) }
        case "authorizations.approve", "authorizations.deny": return caller().send(method, path())
        case "users.store": return Self.closed.consumer().send(method, path(), .json(newUser(email: "new@example.com")))
        case "clients.rotate":
            let ada = stack.ada
            return caller(ada).send(method, path(["client_id": clientOf(ada, confidential: false)]))
        default: return nil
        }
    }

    private func caller(_ person: Person) -> Consumer { caller(on: stack, person) }

    private func notFound() -> Answer? {
        switch route.name {
        case "register", "register.store":
            return caller(on: Self.closed).send(
                method, path(), route.isUnsafe ? .json(newUser(email: "new@example.com")) : .none)
        case "users.show": return caller().get(path() + "?name=nobody")
        default: return caller().send(method, path())
        }
    }

    private func withoutProof() -> Answer? {
        let isOpen = [.anyone, .client, .guest(signsIn: true), .guest(signsIn: false)].contains(route.access)
        let caller = isOpen ? caller() : stack.script(of: stack.ada)
        caller.csrfToken = nil
        return caller.send(method, path())
    }

    private func newUser(email: String) -> JSON {
        ["name": "Ada", "email": .string(email), "password": "another handful of words"]
    }

    private func unprocessable() -> Answer? {
        let ada = stack.ada
        switch route.name {
        case "tokens.index", "clients.index", "personal.tokens.index", "account":
            return caller().send(method, path() + "?page=0")
        case "debugbar.cache.delete": return Self.debugging.consumer().send(method, path(["tags": "x"]))
        case "clients.store": return caller().send(method, path(), .json(["redirect": "https://shop.example"]))
        case "clients.update":
            return caller(ada).send(
                method, path(["client_id": clientOf(ada)]), .json(["redirect": "https://shop.example"]))
        case "personal.tokens.store", "users.show": return caller().send(method, path())
        case "api.login", "login.store": return caller().send(method, path(), .json(["password": "x"]))
        case "users.store", "register.store": return caller().send(method, path(), .json(newUser(email: ada.email)))
        case "password.update":
            return caller().send(
                method, path(), .json(["current_password": "wrong one", "password": "another handful of words"]))
        default: return nil
        }
    }

    /// Returns our own refusal where we count requests, and otherwise the refusal of nginx.
    private func tooMany() -> Answer? {
        switch route.name {
        case "api.login", "login.store":
            let (caller, nobody) = (caller(), "\(UUID().uuidString)@example.com")
            return (0..<6).map { _ in caller.send(method, path(), .json(["email": .string(nobody), "password": "x"])) }
                .last
        case "password.update":
            let caller = caller()
            let guess: JSON = ["current_password": "wrong one", "password": "another handful of words"]
            return (0..<6).map { _ in caller.send(method, path(), .json(guess)) }.last
        case "users.store", "register.store":
            let caller = caller(on: Self.selective)
            // A minute may end between two of these requests.
            let answers = (0..<3).map { _ in
                caller.send(method, path(), .json(newUser(email: "\(UUID().uuidString)@example.com")))
            }
            return answers.first { $0.status == 429 }
        default: return tooManyForNginx()
        }
    }

    /// Sends requests until nginx refuses a request, and returns the refusal.
    ///
    /// nginx accepts one request a minute and at most a hundred in a burst, so it refuses the last
    /// of these requests.
    private func tooManyForNginx() -> Answer? {
        let request = Consumer(Self.limited.port, accept: "application/json").request(method, path())
        for _ in 0..<130 {
            guard let answer = Wire.send(request, to: Self.limited.port) else { return nil }
            if answer.status == 429 { return answer }
        }
        return nil
    }

    private func away() -> Answer? {
        let (stack, cookies, token, machine) = Self.outage
        let (guest, bearer) = (Consumer(stack.port, accept: "application/json"), stack.consumer(bearer: token))
        let session = Consumer(stack.port, accept: "application/json")
        (session.cookies, session.csrfToken) = (cookies, cookies["XSRF-TOKEN"])
        guest.get("/login")
        guest.csrfToken = guest.cookies["XSRF-TOKEN"]
        switch (route.name, route.access) {
        case ("authorizations.authorize", _): return guest.get(stack.authorizeAddress(machine))
        case ("token", _):
            return guest.send("POST", path(), .form(["grant_type": "client_credentials"]), fields: [machine.basic])
        case ("logout", _): return session.send(method, path())
        case ("api.login", _), ("login.store", _):
            return guest.send(method, path(), .json(["email": "ada@example.com", "password": "x"]))
        case ("users.store", _), ("register.store", _):
            return guest.send(method, path(), .json(newUser(email: "new@example.com")))
        case (_, .session): return session.send(method, path())
        case (_, .management), (_, .bearer): return bearer.send(method, path())
        case (_, .anyone), (_, .guest), (_, .client): return guest.send(method, path())
        }
    }
}
