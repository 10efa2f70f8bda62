import Cast
import HTTP
import Testing

/// `grant_type=refresh_token`: rotation, the overlap window, and the end of a family.
@Suite struct `Refresh tokens` {
    let stack = Stack.shared

    @Test
    func
        `after a lost response, a refresh within the overlap gets the same successor and a new access token`()
    {
        let (ada, web) = (stack.ada, stack.web)
        let before = stack.tokens(ada, web)
        let (one, two) = (
            stack.token(stack.refreshment(before.refresh, web)), stack.token(stack.refreshment(before.refresh, web))
        )
        #expect(two.status == 200)
        #expect(one.json?["refresh_token"] == two.json?["refresh_token"])
        #expect(one.json?["access_token"] != two.json?["access_token"])
        for answer in [one, two] { #expect(stack.bearerStatus(answer.json?["access_token"]?.text ?? "") == 404) }
        let next = stack.token(stack.refreshment(two.json?["refresh_token"]?.text ?? "", web))
        #expect(next.status == 200)
        for answer in [one, two] { #expect(stack.bearerStatus(answer.json?["access_token"]?.text ?? "") == 401) }
    }

    @Test func `a replay after the overlap window revokes the family`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let first = stack.tokens(ada, web).refresh
        let second = stack.token(stack.refreshment(first, web))
        try stack.connection().execute(
            "UPDATE oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id SET r.rotated_at = r.rotated_at - INTERVAL 12 SECOND WHERE f.user_id = ? AND r.rotated_at IS NOT NULL",
            ada.id)
        #expect(stack.token(stack.refreshment(first, web)).json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(second.json?["access_token"]?.text ?? "") == 401)
    }

    @Test func `no rotated token is valid longer than the first token`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let refresh = stack.tokens(ada, web).refresh
        try stack.connection().execute(
            "UPDATE oauth_refresh_families SET expires_at = UTC_TIMESTAMP() + INTERVAL 100 SECOND WHERE user_id = ?",
            ada.id)
        let answer = stack.token(stack.refreshment(refresh, web))
        guard case .integer(let seconds)? = answer.json?["expires_in"] else {
            Issue.record("no expires_in")
            return
        }
        #expect((1...100).contains(seconds))
        try stack.connection().execute(
            "UPDATE oauth_refresh_families SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE user_id = ?",
            ada.id)
        #expect(
            stack.token(stack.refreshment(answer.json?["refresh_token"]?.text ?? "", web)).json?["error"]
                == "invalid_grant")
    }

    @Test func `no token can be refreshed if the row of its family is revoked`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let refresh = stack.tokens(ada, web).refresh
        try stack.connection().execute("UPDATE oauth_refresh_families SET revoked = 1 WHERE user_id = ?", ada.id)
        #expect(stack.token(stack.refreshment(refresh, web)).json?["error"] == "invalid_grant")
    }

    @Test func `no token and no code of a deleted user can be used`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let (refresh, code) = (stack.tokens(ada, web).refresh, stack.code(ada, web))
        try stack.connection().execute("DELETE FROM users WHERE id = ?", ada.id)
        #expect(stack.token(stack.refreshment(refresh, web)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption(code, web)).json?["error"] == "invalid_grant")
    }

    @Test func `an invalid token is invalid_grant and a missing token invalid_request, as in the RFC`() {
        let web = stack.web
        #expect(stack.token(stack.refreshment("garbage", web)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.refreshment("def50200aa", web)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.refreshment("", web)).json?["error"] == "invalid_request")
    }
}
