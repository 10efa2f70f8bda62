import Cast
import HTTP
import Testing

/// Single use under concurrency, through two responder processes on one database.
@Suite struct `Sixty-four at once, through two processes` {
    static let stack = Stack.start("concurrency", responders: 2)
    let stack = Self.stack

    private func together(_ form: Form) -> [Answer] {
        let request = stack.consumer().request("POST", "/oauth/token", .form(form))
        return Wire.send(Array(repeating: request, count: 64), to: stack.port).compactMap { $0 }
    }

    @Test func `redeeming one code: one wins, the others end what it won`() {
        let (ada, web) = (stack.ada, stack.web)
        let answers = together(stack.redemption(stack.code(ada, web), web))
        #expect(answers.count == 64)
        let winners = answers.filter { $0.status == 200 }
        #expect(winners.count == 1)
        #expect(answers.filter { $0.json?["error"] == "invalid_grant" }.count == 63)
        #expect(stack.bearerStatus(winners.first?.json?["access_token"]?.text ?? "") == 401)
        #expect(stack.token(stack.refreshment(winners.first?.json?["refresh_token"]?.text ?? "", web)).status == 400)
    }

    @Test func `presenting one refresh token: one successor row, and every 200 carries it`() {
        let (ada, web) = (stack.ada, stack.web)
        let refresh = stack.tokens(ada, web).refresh
        let answers = together(stack.refreshment(refresh, web))
        let successes = answers.filter { $0.status == 200 }
        #expect(successes.count == 64)
        #expect(Set(successes.compactMap { $0.json?["refresh_token"]?.text }).count == 1)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id WHERE f.user_id = ?", ada.id)
                == 2)
    }

    @Test func `both processes answered`() {
        for responder in stack.responders { #expect(responder.isRunning) }
        #expect(stack.responders.count == 2)
    }
}
