import DevelopmentStack
import Foundation
import HTTP
import MariaDB

/// Clients that continue during a fault, as real clients do, and count every request.
///
/// A client that gets an error tries again with the same token or code. An answer that must never
/// occur is recorded as a violation.
package final class Load: @unchecked Sendable {
    /// The results of all clients between the start and the end of a fault.
    package struct Account: Sendable {
        package internal(set) var requests = 0
        /// The number of answers other than success, by kind.
        package internal(set) var failures: [String: Int] = [:]
        /// The longest time in which no client had a success, in seconds.
        package internal(set) var longestOutage = 0.0
        package internal(set) var violations: [String] = []
    }

    private let stack: Stack
    private let lock = NSLock()
    private var account = Account()
    private var lastSuccess = Date.now
    private var isOver = false
    private var acknowledged: [String] = []
    private let chains: [(client: Application, token: String)]
    private let machine: Application
    private let web: Application
    private let checked: String
    private let person: Person

    /// Creates the clients, each with the credentials or tokens that it starts with.
    package init(on stack: Stack) {
        self.stack = stack
        person = stack.person("ada")
        web = stack.web
        machine = stack.machine
        let (stack, person) = (stack, person)
        chains = (0..<4).map { _ in
            let client = stack.web
            return (client, stack.tokens(person, client).refresh)
        }
        checked = stack.tokens(person, stack.web).access
    }

    /// Runs all clients during a fault and for a short time afterwards.
    ///
    /// Returns when each client has had one more success.
    package func account(for fault: () throws -> Void) throws -> Account {
        var clients: [@Sendable () -> Void] = [{ self.redeem() }, { self.issue() }, { self.issue() }, { self.check() }]
        clients += chains.map { chain in { self.refresh(chain.client, chain.token) } }
        let group = DispatchGroup()
        for client in clients {
            group.enter()
            Thread.detachNewThread {
                client()
                group.leave()
            }
        }
        usleep(500_000)
        try fault()
        usleep(1_500_000)
        lock.withLock { isOver = true }
        group.wait()
        account.longestOutage = max(account.longestOutage, Date.now.timeIntervalSince(lastSuccess))
        try checkDatabase()
        return account
    }

    // MARK: - The clients

    /// Presents a refresh token until the server answers, and then presents the next refresh token.
    private func refresh(_ client: Application, _ first: String) {
        var token = first
        repeat {
            var successors: Set<String> = []
            untilAnswered { answer in
                switch answer?.status {
                case 200:
                    successors.insert(answer?.json?["refresh_token"]?.text ?? "")
                    return true
                case 400:
                    violate("a refresh token was refused: \(answer?.text ?? "")")
                    return true
                default: return false
                }
            } asking: {
                stack.consumer().request("POST", "/oauth/token", .form(stack.refreshment(token, client)))
            }
            guard let next = successors.first else { return }
            token = next
        } while goesOn
    }

    /// Gets codes and redeems each until the server answers.
    ///
    /// The server may refuse a code after an error: the request whose answer was lost may have
    /// redeemed the code.
    private func redeem() {
        let script = signedIn()
        repeat {
            let asked = script.get(stack.authorizeAddress(web, ["prompt": "consent"]))
            guard let authToken = asked.json?["auth_token"] else {
                note(asked)
                continue
            }
            let approved = script.post("/oauth/authorize", .json(["auth_token": authToken]))
            guard let address = approved.json?["redirect_to"]?.text,
                let code = Form(address.split(separator: "?").last?.utf8 ?? "".utf8[...])?.pairs.first(where: {
                    $0.name == "code"
                })?.value
            else {
                note(approved)
                continue
            }
            var wins = 0
            var wasToldOfAnError = false
            untilAnswered { answer in
                switch answer?.status {
                case 200: wins += 1
                case 400 where wasToldOfAnError: break
                case 400: violate("a code was refused: \(answer?.text ?? "")")
                default:
                    wasToldOfAnError = true
                    return false
                }
                return true
            } asking: {
                stack.consumer().request("POST", "/oauth/token", .form(stack.redemption(code, web)))
            }
        } while goesOn
    }

    /// Returns a browser with a session.
    ///
    /// Tries again if the server has no room for a sign-in.
    private func signedIn() -> Consumer {
        let browser = stack.browser()
        browser.accept = "application/json"
        for _ in 0..<60 {
            if [204, 303].contains(browser.signIn(person).status) { return browser }
            usleep(500_000)
        }
        violate("no sign-in within half a minute")
        return browser
    }

    /// Requests tokens for a machine client.
    ///
    /// Each token in an answer must still be stored afterwards.
    private func issue() {
        let form: Form = [
            "grant_type": "client_credentials", "client_id": machine.id, "client_secret": machine.secret ?? "",
        ]
        repeat {
            untilAnswered { answer in
                if answer?.status == 200, let token = answer?.json?["access_token"]?.text { acknowledge(token) }
                if answer?.status == 400 || answer?.status == 401 {
                    violate("a machine was refused: \(answer?.text ?? "")")
                }
                return (answer?.status ?? 500) < 500
            } asking: {
                stack.consumer().request("POST", "/oauth/token", .form(form))
            }
        } while goesOn
    }

    /// Checks a valid token again and again.
    ///
    /// The server must never answer that the token is invalid.
    private func check() {
        repeat {
            untilAnswered { answer in
                if answer?.status == 401 { violate("a good token was refused") }
                return (answer?.status ?? 500) < 500
            } asking: {
                stack.consumer(bearer: checked).request("GET", "/api/users?name=nobody")
            }
        } while goesOn
    }

    private var goesOn: Bool { lock.withLock { !isOver } }

    /// Repeats a request until `isAnswer` accepts the answer, for at most one minute.
    private func untilAnswered(_ isAnswer: (Answer?) -> Bool, asking request: () -> [UInt8]) {
        let deadline = Date.now + 60
        while Date.now < deadline {
            let answer = Wire.send(request(), to: stack.port)
            if isAnswer(answer) {
                note(answer, isSuccess: true)
                return
            }
            note(answer)
            usleep(50_000)
        }
        violate("no answer within a minute")
    }

    // MARK: - The account

    private func note(_ answer: Answer?, isSuccess: Bool = false) {
        lock.withLock {
            account.requests += 1
            if isSuccess {
                account.longestOutage = max(account.longestOutage, Date.now.timeIntervalSince(lastSuccess))
                lastSuccess = .now
            } else {
                let kind = answer.map { "\($0.status)\($0["Retry-After"] == nil ? "" : " Retry-After")" } ?? "no answer"
                account.failures[kind, default: 0] += 1
                if answer?.status == 500 { account.violations.append("500: \(answer?.text ?? "")") }
            }
        }
    }

    private func violate(_ sentence: String) {
        lock.withLock { account.violations.append(sentence) }
    }

    private func acknowledge(_ token: String) {
        lock.withLock { acknowledged.append(claims(token)?["jti"]?.text ?? "") }
    }

    /// Checks the rules that the tables must satisfy after every fault.
    private func checkDatabase() throws {
        let rules: [(String, SQL)] = [
            (
                "families with two refresh tokens that nobody used",
                "SELECT COUNT(*) AS n FROM (SELECT family_id FROM oauth_refresh_tokens WHERE revoked = 0 GROUP BY family_id HAVING COUNT(*) > 1) twice"
            ),
            (
                "families that live without a refresh token",
                """
                SELECT COUNT(*) AS n FROM oauth_refresh_families f WHERE f.revoked = 0
                    AND NOT EXISTS (SELECT 1 FROM oauth_refresh_tokens r WHERE r.family_id = f.id AND r.revoked = 0)
                """
            ),
            (
                "access tokens without their family",
                """
                SELECT COUNT(*) AS n FROM oauth_access_tokens t WHERE t.family_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM oauth_refresh_families f WHERE f.id = t.family_id)
                """
            ),
            (
                "used codes without what they gave",
                """
                SELECT COUNT(*) AS n FROM oauth_auth_codes c WHERE c.revoked = 1
                    AND NOT EXISTS (SELECT 1 FROM oauth_access_tokens t WHERE t.family_id = c.family_id)
                """
            ),
            (
                "tokens of which the audit trail knows nothing",
                """
                SELECT (SELECT COUNT(*) FROM oauth_access_tokens) - (SELECT COUNT(*) FROM oauth_audit_events
                    WHERE event = 'token.issued') AS n
                """
            ),
        ]
        let connection = stack.connection()
        for (name, rule) in rules {
            if let count = try connection.row(rule)?.integer("n"), count != 0 { violate("\(count) \(name)") }
        }
        for id in acknowledged where try connection.row("SELECT id FROM oauth_access_tokens WHERE id = ?", id) == nil {
            violate("the acknowledged token \(id) is gone")
        }
    }
}
