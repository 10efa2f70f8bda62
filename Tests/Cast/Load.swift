import DevelopmentStack
import Foundation
import HTTP
import MariaDB

/// Clients that go on as real ones do while things break, and account for every request that they sent.
///
/// A client that is told of an error tries again with what it has; what must never happen is a violation.
public final class Load: @unchecked Sendable {
    /// What clients saw between the start of a fault and its end.
    public struct Account: Sendable {
        public internal(set) var requests = 0
        /// How often an answer other than success came, by what it was.
        public internal(set) var failures: [String: Int] = [:]
        /// The longest time in which nobody got what they asked for.
        public internal(set) var longestOutage = 0.0
        public internal(set) var violations: [String] = []
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

    /// Makes the clients, each with what it begins with.
    public init(on stack: Stack) {
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

    /// Lets all of them work while something happens and for a while afterwards, until each has got what it asked for once more.
    public func account(for fault: () throws -> Void) throws -> Account {
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

    /// A refresh token is presented until there is an answer, and then its successor is.
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

    /// A code is redeemed until there is an answer; one that was refused after an error may have been redeemed by the answer that was lost.
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

    /// A session; where there is no room for a sign-in, it is tried again.
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

    /// A token that was answered is there afterwards.
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

    /// A token that is good is never said to be bad.
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

    /// Asks again, for a minute at most, until the answer is one.
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

    /// What must hold in the tables, whatever happened.
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
