import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import MariaDB
import OAuth
import Storage

/// A person with an account.
package struct Person: Sendable {
    package let id: String
    package let name: String
    package let email: String
    package let password: String

    /// Describes a person who already has an account.
    package init(id: String, name: String, email: String, password: String) {
        self.id = id
        self.name = name
        self.email = email
        self.password = password
    }
}

/// An application that requests tokens.
package struct Application: Sendable {
    package let id: String
    package let secret: String?
    package let redirectURI: String

    /// Describes a client that is already registered.
    package init(id: String, secret: String?, redirectURI: String) {
        self.id = id
        self.secret = secret
        self.redirectURI = redirectURI
    }

    /// The credentials of the client in an `Authorization` field with the scheme Basic.
    package var basic: (String, String) {
        ("Authorization", "Basic " + Data("\(id):\(secret ?? "")".utf8).base64EncodedString())
    }
}

/// The code verifier and the code challenge of a client that uses PKCE.
package struct Verifier: Sendable {
    package let text = Random.token()
    package var challenge: String { Base64URL.encode(Digest.sha256(text)) }
    package init() {}
}

extension Stack {
    /// Creates a person with a name that begins with the given word.
    ///
    /// Each test creates its own people because the server counts failed sign-ins.
    package func person(_ name: String) -> Person {
        let mark = Random.alphanumeric(8).lowercased()
        let password = "\(name)'s password"
        let email = "\(name)-\(mark)@example.com"
        do {
            let connection = connection()
            let user = try connection.change(.userCreated) { change in
                try UserRepository(connection).create(
                    name: "\(name)-\(mark)", email: email, password: .bcrypt(password, cost: 4), in: change)
            }
            return Person(id: user.id.rawValue, name: user.name, email: email, password: password)
        } catch {
            fatalError("\(error)")
        }
    }

    /// A new person called Ada.
    package var ada: Person { person("ada") }
    /// A new person called Grace.
    package var grace: Person { person("grace") }

    /// A new confidential client on a web server.
    package var web: Application { client("Web", grants: [.authorizationCode, .refreshToken]) }
    /// A new public client on the device of a user.
    package var native: Application { client("Native", isPublic: true, grants: [.authorizationCode, .refreshToken]) }
    /// A new client that acts on its own behalf.
    package var machine: Application { client("Machine", redirect: "", grants: [.clientCredentials]) }

    /// Creates a client.
    package func client(
        _ name: String, redirect: String = "https://client.example/callback", isPublic: Bool = false,
        grants: [GrantType], isFirstParty: Bool = false
    ) -> Application {
        let secret = isPublic ? nil : ClientSecret.generate()
        do {
            let connection = connection()
            let client = try connection.change(.clientCreated) { change in
                try ClientRepository(connection).create(
                    ClientMetadata(
                        clientName: name, redirectURIs: redirect, grants: grants, isFirstParty: isFirstParty),
                    secret: secret?.stored, in: change)
            }
            return Application(
                id: client.id.rawValue, secret: secret?.plain, redirectURI: String(redirect.prefix { $0 != "," }))
        } catch {
            fatalError("\(error)")
        }
    }

    /// The current time.
    package static var now: Timestamp { Timestamp(millisecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1000)) }

    /// Signs a person in and returns the browser.
    package func browser(of person: Person) -> Consumer {
        let browser = browser()
        browser.signIn(person)
        return browser
    }

    /// Signs a person in with a session and returns a caller that requests JSON, as scripts do.
    package func script(of person: Person) -> Consumer {
        let consumer = browser(of: person)
        consumer.accept = "application/json"
        return consumer
    }

    /// Signs a person in with `POST /api/login` and returns a caller with the access token.
    package func firstParty(_ person: Person) -> Consumer {
        let answer = consumer().post(
            "/api/login", .json(["email": .string(person.email), "password": .string(person.password)]))
        return consumer(bearer: answer.json?["access_token"]?.text)
    }

    /// Returns the address of an authorization request.
    package func authorizeAddress(
        _ client: Application, _ more: Form = [:], verifier: Verifier? = nil, scope: String? = "place-orders"
    ) -> String {
        var form: Form = [
            "response_type": "code", "client_id": client.id, "redirect_uri": client.redirectURI, "state": "st-1",
        ]
        form.append("scope", scope)
        if let verifier { form.pairs += [("code_challenge", verifier.challenge), ("code_challenge_method", "S256")] }
        for (name, value) in more.pairs {
            form.pairs.removeAll { $0.name == name }
            if value != "-" { form.pairs.append((name, value)) }
        }
        return "/oauth/authorize?" + form.encoded
    }

    /// Approves a client as a person does, and returns the code.
    package func code(
        _ person: Person, _ client: Application, verifier: Verifier? = nil, scope: String? = "place-orders",
        more: Form = [:]
    ) -> String {
        let browser = browser(of: person)
        let page = browser.get(authorizeAddress(client, more, verifier: verifier, scope: scope))
        if let code = page.located("code") { return code }
        let answer = browser.post(
            "/oauth/authorize",
            .form(["_token": browser.csrfToken ?? "", "auth_token": page.hidden("auth_token") ?? ""]))
        return answer.located("code") ?? ""
    }

    /// Returns the token request that redeems a code.
    package func redemption(_ code: String, _ client: Application, verifier: Verifier? = nil) -> Form {
        var form: Form = [
            "grant_type": "authorization_code", "code": code, "client_id": client.id,
            "redirect_uri": client.redirectURI,
        ]
        form.append("client_secret", client.secret)
        form.append("code_verifier", verifier?.text)
        return form
    }

    /// Returns the token request that presents a refresh token.
    package func refreshment(_ token: String, _ client: Application) -> Form {
        var form: Form = ["grant_type": "refresh_token", "refresh_token": token, "client_id": client.id]
        form.append("client_secret", client.secret)
        return form
    }

    /// Sends a request to the token endpoint.
    package func token(_ form: Form) -> Answer {
        consumer().post("/oauth/token", .form(form))
    }

    /// Approves a client as a person does, and returns the tokens of the client.
    package func tokens(_ person: Person, _ client: Application, scope: String? = "place-orders") -> (
        access: String, refresh: String
    ) {
        let verifier = client.secret == nil ? Verifier() : nil
        let answer = token(
            redemption(code(person, client, verifier: verifier, scope: scope), client, verifier: verifier))
        return (answer.json?["access_token"]?.text ?? "", answer.json?["refresh_token"]?.text ?? "")
    }

    /// Returns the status that a request with a bearer token gets.
    package func bearerStatus(_ token: String, name: String = "nobody") -> Int {
        consumer(bearer: token).get("/api/users?name=\(name)").status
    }

    /// Returns the number `n` that a query selects.
    package func count(_ sql: SQL, _ parameter: String) -> Int {
        (try? connection().row(sql, parameter)?.integer("n")) ?? -1
    }
}

/// Returns the claims of a token without verifying the token.
package func claims(_ token: String) -> JSON? {
    JSONWebSignature(compact: token).flatMap { JSON(parsing: $0.payload) }
}

extension Connection {
    /// Changes the database without a row in the audit trail.
    package func change<Result>(_ kind: AuditEvent.Kind, _ body: (Change) throws -> Result) throws -> Result {
        let event = AuditEvent(kind, from: "console", requestID: "", at: Stack.now)
        return try Change.report(event, on: self, isStored: false, body).result
    }
}
