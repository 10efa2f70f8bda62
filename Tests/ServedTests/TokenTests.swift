import Cast
import Cryptography
import Foundation
import HTTP
import Testing

/// `POST /oauth/token`, its success and each of its errors.
@Suite struct `The token endpoint` {
    let stack = Stack.shared

    // MARK: authorization_code

    @Test func `codes, refresh tokens and secrets are stored as digests only`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let code = stack.code(ada, web)
        let refresh = stack.token(stack.redemption(code, web)).json?["refresh_token"]?.text ?? ""
        let dump = try Folder.mariaDB.query(
            "SELECT * FROM oauth_auth_codes; SELECT * FROM oauth_refresh_tokens; SELECT * FROM oauth_clients; SELECT * FROM oauth_refresh_families",
            database: "shared")
        #expect(dump.contains(web.id))
        for secret in [code, refresh, web.secret ?? ""] {
            #expect(!secret.isEmpty)
            #expect(!dump.contains(secret))
        }
    }

    // MARK: client_credentials

    @Test func `client_credentials gives a machine a token without a user, by Basic, by form and by JSON`() throws {
        let machine = stack.machine
        let body: Form = ["grant_type": "client_credentials", "scope": "check-status"]
        let inBody: JSON = [
            "grant_type": "client_credentials", "client_id": .string(machine.id),
            "client_secret": .string(machine.secret ?? ""),
            "scope": "check-status",
        ]
        var form = body
        form.pairs += [("client_id", machine.id), ("client_secret", machine.secret ?? "")]
        let answers = [
            stack.consumer().send("POST", "/oauth/token", .form(body), fields: [machine.basic]),
            stack.consumer().post("/oauth/token", .form(form)),
            stack.consumer().post("/oauth/token", .json(inBody)),
        ]
        for answer in answers {
            #expect(answer.status == 200)
            #expect(answer.json?["refresh_token"] == nil)
            #expect(answer.json?["scope"] == "check-status")
            let token = try #require(answer.json?["access_token"]?.text)
            #expect(claims(token)?["sub"]?.text == "client:\(machine.id)")
            #expect(stack.bearerStatus(token) == 401)
        }
    }

    @Test func `an unknown scope and the scope * are invalid_scope`() {
        let machine = stack.machine
        for scope in ["nope", "*", "place-orders *"] {
            let answer = stack.token([
                "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
                "scope": scope,
            ])
            #expect(answer.status == 400)
            #expect(answer.json?["error"] == "invalid_scope")
        }
    }

    @Test func `web and public clients may not use client_credentials, and a machine may not use a code`() {
        let (web, native, machine) = (stack.web, stack.native, stack.machine)
        #expect(
            stack.token(["grant_type": "client_credentials", "client_id": web.id, "client_secret": web.secret ?? ""])
                .json?["error"]
                == "unauthorized_client")
        #expect(
            stack.token(["grant_type": "client_credentials", "client_id": native.id]).json?["error"]
                == "unauthorized_client")
        #expect(stack.token(stack.redemption("x", machine)).json?["error"] == "unauthorized_client")
        let odd = stack.client("Odd", isPublic: true, grants: [.clientCredentials])
        #expect(
            stack.token(["grant_type": "client_credentials", "client_id": odd.id]).json?["error"] == "invalid_client")
    }

    // MARK: client authentication

    @Test func `a secret that a public client still sends is ignored, as in Passport`() {
        let (ada, native, verifier) = (stack.ada, stack.native, Verifier())
        var form = stack.redemption(stack.code(ada, native, verifier: verifier), native, verifier: verifier)
        form.append("client_secret", "left over")
        #expect(stack.token(form).status == 200)
        let odd = stack.client("Odd", isPublic: true, grants: [.clientCredentials])
        let machine: Form = ["grant_type": "client_credentials", "client_id": odd.id, "client_secret": "left over"]
        #expect(stack.token(machine).json?["error"] == "invalid_client")
    }

    @Test func `white space around a parameter is removed, as in Laravel, but the state is kept`() {
        let (ada, web, machine) = (stack.ada, stack.web, stack.machine)
        let form: Form = [
            "grant_type": " client_credentials", "client_id": "\t\(machine.id) ",
            "client_secret": " \(machine.secret ?? "") ",
        ]
        #expect(stack.token(form).status == 200)
        var redemption = stack.redemption(" \(stack.code(ada, web)) ", web)
        redemption.append("scope", " ")
        #expect(stack.token(redemption).status == 200)
        let answer = stack.browser(of: ada).get(
            stack.authorizeAddress(web, ["state": " a ", "prompt": " none "], scope: " place-orders "))
        #expect(answer.located("code") != nil && answer.located("state") == " a ")
    }

    @Test func `plain and bcrypt secrets that Passport stored are accepted too`() throws {
        let (plain, bcrypt) = (stack.machine, stack.machine)
        let connection = stack.connection()
        try connection.execute(
            "UPDATE oauth_clients SET secret = ? WHERE id = ?", "a plain secret of forty characters......", plain.id)
        try connection.execute(
            "UPDATE oauth_clients SET secret = ? WHERE id = ?", PasswordHash.bcrypt("secret123", cost: 4).text,
            bcrypt.id)
        func status(_ id: String, _ secret: String) -> Int {
            stack.token(["grant_type": "client_credentials", "client_id": id, "client_secret": secret]).status
        }
        #expect(status(plain.id, "a plain secret of forty characters......") == 200)
        #expect(status(plain.id, "another") == 401)
        #expect(status(bcrypt.id, "secret123") == 200)
        #expect(status(bcrypt.id, "another") == 401)
    }

    // MARK: the request

    @Test func `other methods, types and sizes are invalid_request, each with its own status`() {
        let twice = stack.consumer().post(
            "/oauth/token", .raw(#"{"grant_type":"client_credentials","grant_type":"x"}"#, type: "application/json"))
        #expect(twice.json?["error"] == "invalid_request")
        let get = stack.consumer().get("/oauth/token")
        #expect(get.status == 405)
        #expect(get["Allow"] == "POST")
        #expect(get.json?["error"] == "invalid_request")
        let type = stack.consumer().post("/oauth/token", .raw("x", type: "text/plain"))
        #expect(type.status == 415)
        #expect(type.json?["error"] == "invalid_request")
        let size = stack.consumer().post(
            "/oauth/token", .raw(String(repeating: "x", count: 100_000), type: "application/json"))
        #expect(size.status == 413)
        #expect(size.json?["error"] == "invalid_request")
    }

    @Test func `a browser gets a JSON document here, not a page`() {
        let answer = stack.browser().post("/oauth/token", .form(["grant_type": "nonsense"]))
        #expect(answer["Content-Type"] == "application/json")
    }

    @Test func `the debug members come before status, and only with APP_DEBUG`() {
        let debugging = Stack.start("debugging", settings: ["APP_DEBUG": "true"])
        defer { debugging.stop() }
        #expect(
            debugging.consumer().get("/nowhere").text
                == #"{"message":"Not Found","code":404,"trace":["HTTPError"],"status":404}"#)
        #expect(stack.consumer().get("/nowhere").text == #"{"message":"Not Found","status":404}"#)
    }
}
