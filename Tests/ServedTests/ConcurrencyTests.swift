import Cast
import DevelopmentStack
import Foundation
import HTTP
import Testing

/// Single use under concurrency, through two responder processes on one database.
@Suite struct `Sixty-four requests at once, through two processes` {
    static let stack = Stack.start("concurrency", responders: 2)
    let stack = Self.stack

    private func together(_ form: Form) -> [Answer] {
        let request = stack.consumer().request("POST", "/oauth/token", .form(form))
        return Wire.send(Array(repeating: request, count: 64), to: stack.port).compactMap { $0 }
    }

    /// The rounds of each test, because a race does not fail every time.
    private static let rounds = 0..<5

    @Test(arguments: rounds) func `redeeming one code: one request wins, the others revoke its tokens`(round: Int) {
        let (ada, web) = (stack.ada, stack.web)
        let answers = together(stack.redemption(stack.code(ada, web), web))
        #expect(answers.count == 64)
        let winners = answers.filter { $0.status == 200 }
        #expect(winners.count == 1)
        #expect(answers.filter { $0.json?["error"] == "invalid_grant" }.count == 63)
        #expect(stack.bearerStatus(winners.first?.json?["access_token"]?.text ?? "") == 401)
        #expect(stack.token(stack.refreshment(winners.first?.json?["refresh_token"]?.text ?? "", web)).status == 400)
    }

    @Test(arguments: rounds) func `presenting one refresh token: one successor row, and the same token in every answer`(
        round: Int
    ) {
        let (ada, web) = (stack.ada, stack.web)
        let refresh = stack.tokens(ada, web).refresh
        let answers = together(stack.refreshment(refresh, web))
        #expect(answers.filter { $0.status == 200 }.count == 64)
        #expect(Set(answers.compactMap { $0.json?["refresh_token"]?.text }).count == 1)
        #expect(
            stack.count(
                "SELECT COUNT(*) AS n FROM oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id WHERE f.user_id = ?",
                ada.id)
                == 2)
    }

    @Test func `both processes answer`() throws {
        /// Returns the number of bytes that a process has read from its sockets and files so far.
        func read(_ responder: ChildProcess) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(responder.id)/io", encoding: .utf8)
            return Int(try #require(text.firstMatch(of: #/rchar: (\d+)/#)).1) ?? 0
        }
        let before = try stack.responders.map(read)
        _ = together(["grant_type": "none"])
        let after = try stack.responders.map(read)
        #expect(zip(before, after).allSatisfy { $0 + 1000 < $1 }, "\(before), \(after)")
    }
}
