import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import Synchronization
import Testing

/// A replaced `APP_KEY`, with the previous key in `APP_PREVIOUS_KEYS`: users notice nothing.
@Suite struct `A new APP_KEY` {
    private static let (first, second) = (ApplicationKey.generate(), ApplicationKey.generate())
    /// The same server before and after the replacement, and the same server without the first key.
    private static let before = Stack.start("keys", settings: ["APP_KEY": first])
    private static let after = before.again([
        "APP_KEY": second, "APP_PREVIOUS_KEYS": "\(ApplicationKey.generate()), \(first)",
    ])
    private static let forgetful = before.again(["APP_KEY": second])

    private var before: Stack { Self.before }

    /// Returns a copy of a consumer that sends its requests to another of the three servers.
    private func moved(_ consumer: Consumer, to stack: Stack) -> Consumer {
        let moved = Consumer(stack.port, accept: consumer.accept, bearer: consumer.bearer)
        (moved.cookies, moved.csrfToken) = (consumer.cookies, consumer.csrfToken)
        return moved
    }

    @Test func `a refresh after a lost answer gets the same successor, which the old key made`() {
        let (ada, web) = (before.ada, before.web)
        let refresh = before.tokens(ada, web).refresh
        let lost = before.token(before.refreshment(refresh, web)).json?["refresh_token"]?.text
        let again = Self.after.token(before.refreshment(refresh, web)).json?["refresh_token"]?.text
        #expect(lost != nil && again == lost)
        #expect(Self.after.token(before.refreshment(lost ?? "", web)).status == 200)
        let other = before.tokens(ada, web).refresh
        #expect(before.token(before.refreshment(other, web)).status == 200)
        #expect(Self.forgetful.token(before.refreshment(other, web)).json?["error"] == "invalid_grant")
    }

    @Test func `a form and a transient cookie from before the replacement are accepted`() throws {
        let script = before.script(of: before.ada)
        #expect(script.post("/oauth/token/refresh").status == 200)
        let client: Body = .json(["name": "Orchard", "redirect": "https://orchard.example/callback"])
        #expect(moved(script, to: Self.forgetful).post("/oauth/clients", client).status == 419)
        #expect(moved(script, to: Self.after).post("/oauth/clients", client).status == 201)
        script.cookies = ["laravel_token": try #require(script.cookies["laravel_token"])]
        #expect(moved(script, to: Self.forgetful).get("/oauth/scopes").status == 401)
        #expect(moved(script, to: Self.after).get("/oauth/scopes").status == 200)
    }

    @Test func `a second click that a server with the new key answers gets the code of the first click`() {
        let browser = before.browser(of: before.ada)
        let page = browser.get(before.authorizeAddress(before.web))
        let form: Body = .form(["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""])
        let location = browser.post("/oauth/authorize", form)["Location"]
        #expect(location?.contains("code=") == true)
        #expect(moved(browser, to: Self.after).post("/oauth/authorize", form)["Location"] == location)
    }

    @Test func `a session continues, and its next page has a CSRF token of the new key`() {
        let browser = before.browser(of: before.ada)
        let page = moved(browser, to: Self.after).get("/account/clients/create")
        #expect(page.status == 200)
        #expect(
            page.hidden("_token") != nil
                && page.hidden("_token") != browser.get("/account/clients/create").hidden("_token"))
    }

    /// Checks the middle of a rotation, when both kinds of responders answer.
    ///
    /// Each kind knows the key of the other kind.
    @Test func `a refresh that reaches both kinds of responders at once gets one successor, every time`() {
        let ready = before.again(["APP_KEY": Self.first, "APP_PREVIOUS_KEYS": Self.second])
        let web = before.web
        var tokens = (0..<8).map { _ in before.tokens(before.ada, web).refresh }
        for _ in 0..<20 {
            let requests = tokens.map {
                before.consumer().request("POST", "/oauth/token", .form(before.refreshment($0, web)))
            }
            let answers = Mutex<[Int: [String]]>([:])
            DispatchQueue.concurrentPerform(iterations: 2) { index in
                let port = [ready.port, Self.after.port][index]
                let successors = Wire.send(requests, to: port).map {
                    $0?.json?["refresh_token"]?.text ?? $0?.text ?? "no answer"
                }
                answers.withLock { $0[index] = successors }
            }
            let (one, other) = answers.withLock { ($0[0] ?? [], $0[1] ?? []) }
            #expect(one == other && one.count == 8 && one.allSatisfy { !$0.contains("error") })
            tokens = one
        }
    }

    @Test func `a value that is not a key stops the start, and the doctor reports it`() throws {
        let environment = before.environment.merging(["APP_PREVIOUS_KEYS": "nonsense"]) { _, own in own }
        let file = before.folder.appending(path: "env").path()
        let serve = try ChildProcess.output(Folder.program, ["serve", "--env", file], environment: environment)
        #expect(serve.status != 0)
        #expect(serve.error.contains("APP_PREVIOUS_KEYS has a part that is not `base64:` and 32 bytes"))
        #expect(serve.error.split(separator: "\n").count == 1)
        let doctor = try ChildProcess.output(Folder.program, ["doctor", "--env", file], environment: environment)
        #expect(doctor.output.contains("APP_PREVIOUS_KEYS: one of them"))
    }
}
