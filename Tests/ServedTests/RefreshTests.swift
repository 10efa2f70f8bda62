import Cast
import HTTP
import Testing

/// `grant_type=refresh_token`: rotation, the overlap window, and the end of a family.
@Suite struct `Refresh tokens` {
    let stack = Stack.shared

    @Test func `RFC 9700 §4.14.2: rotating revokes the access and the refresh token before`() {
        let (ada, web) = (stack.ada, stack.web)
        let before = stack.tokens(ada, web)
        let answer = stack.token(stack.refreshment(before.refresh, web))
        #expect(answer.status == 200)
        let access = answer.json?["access_token"]?.text ?? ""
        #expect(answer.json?["refresh_token"]?.text != before.refresh)
        #expect(answer.json?["scope"] == "place-orders")
        #expect(stack.bearerStatus(before.access) == 401)
        #expect(stack.bearerStatus(access) == 404)
    }

    @Test func `a lost response locks nobody out: within the overlap the same successor comes again, with a fresh access token`() {
        let (ada, web) = (stack.ada, stack.web)
        let before = stack.tokens(ada, web)
        let (one, two) = (stack.token(stack.refreshment(before.refresh, web)), stack.token(stack.refreshment(before.refresh, web)))
        #expect(two.status == 200)
        #expect(one.json?["refresh_token"] == two.json?["refresh_token"])
        #expect(one.json?["access_token"] != two.json?["access_token"])
        for answer in [one, two] { #expect(stack.bearerStatus(answer.json?["access_token"]?.text ?? "") == 404) }
        let next = stack.token(stack.refreshment(two.json?["refresh_token"]?.text ?? "", web))
        #expect(next.status == 200)
        for answer in [one, two] { #expect(stack.bearerStatus(answer.json?["access_token"]?.text ?? "") == 401) }
    }

    @Test func `a replay after the successor was used revokes the family`() {
        let (ada, web) = (stack.ada, stack.web)
        let first = stack.tokens(ada, web).refresh
        let second = stack.token(stack.refreshment(first, web)).json?["refresh_token"]?.text ?? ""
        let third = stack.token(stack.refreshment(second, web))
        #expect(third.status == 200)
        let replay = stack.token(stack.refreshment(first, web))
        #expect(replay.status == 400)
        #expect(replay.json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(third.json?["access_token"]?.text ?? "") == 401)
        #expect(stack.token(stack.refreshment(third.json?["refresh_token"]?.text ?? "", web)).json?["error"] == "invalid_grant")
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE revoked = 0 AND user_id = ?", ada.id) == 0)
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_refresh_families WHERE revoked = 1 AND user_id = ?", ada.id) == 1)
    }

    @Test func `a replay after the window revokes the family`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let first = stack.tokens(ada, web).refresh
        let second = stack.token(stack.refreshment(first, web))
        try stack.connection().execute(
            "UPDATE oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id SET r.rotated_at = r.rotated_at - INTERVAL 12 SECOND WHERE f.user_id = ? AND r.rotated_at IS NOT NULL",
            ada.id)
        #expect(stack.token(stack.refreshment(first, web)).json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(second.json?["access_token"]?.text ?? "") == 401)
    }

    @Test func `RFC 6749 §6: a refresh token is its client's alone, and another's attempt changes nothing`() {
        let (ada, web, other) = (stack.ada, stack.web, stack.web)
        let refresh = stack.tokens(ada, web).refresh
        #expect(stack.token(stack.refreshment(refresh, other)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.refreshment(refresh, web)).status == 200)
    }

    @Test func `RFC 6749 §6: scopes may narrow, for that access token alone, and never widen`() {
        let (ada, web) = (stack.ada, stack.web)
        let refresh = stack.tokens(ada, web, scope: "place-orders check-status").refresh
        var narrow = stack.refreshment(refresh, web)
        narrow.append("scope", "check-status")
        let narrowed = stack.token(narrow)
        #expect(narrowed.json?["scope"] == "check-status")
        let whole = stack.token(stack.refreshment(narrowed.json?["refresh_token"]?.text ?? "", web))
        #expect(whole.json?["scope"] == "place-orders check-status")
        let one = stack.tokens(stack.grace, web, scope: "check-status").refresh
        for scope in ["place-orders", "*", "nope"] {
            var wide = stack.refreshment(one, web)
            wide.append("scope", scope)
            #expect(stack.token(wide).json?["error"] == "invalid_scope")
        }
        #expect(stack.token(stack.refreshment(one, web)).status == 200)
    }

    @Test func `no rotation outlives the first token's life`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let refresh = stack.tokens(ada, web).refresh
        try stack.connection().execute(
            "UPDATE oauth_refresh_families SET expires_at = UTC_TIMESTAMP() + INTERVAL 100 SECOND WHERE user_id = ?", ada.id)
        let answer = stack.token(stack.refreshment(refresh, web))
        guard case .integer(let seconds)? = answer.json?["expires_in"] else {
            Issue.record("no expires_in")
            return
        }
        #expect((1...100).contains(seconds))
        try stack.connection().execute("UPDATE oauth_refresh_families SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE user_id = ?", ada.id)
        #expect(stack.token(stack.refreshment(answer.json?["refresh_token"]?.text ?? "", web)).json?["error"] == "invalid_grant")
    }

    @Test func `the family's row decides: where it is revoked, nothing refreshes`() throws {
        let (ada, web) = (stack.ada, stack.web)
        let refresh = stack.tokens(ada, web).refresh
        try stack.connection().execute("UPDATE oauth_refresh_families SET revoked = 1 WHERE user_id = ?", ada.id)
        #expect(stack.token(stack.refreshment(refresh, web)).json?["error"] == "invalid_grant")
    }

    @Test func `a public client rotates too`() {
        let (ada, native) = (stack.ada, stack.native)
        let tokens = stack.tokens(ada, native)
        let answer = stack.token(stack.refreshment(tokens.refresh, native))
        #expect(answer.status == 200)
        #expect(stack.bearerStatus(tokens.access) == 401)
    }

    @Test func `garbage and a missing token are told apart as the RFC has it`() {
        let web = stack.web
        #expect(stack.token(stack.refreshment("garbage", web)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.refreshment("def50200aa", web)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.refreshment("", web)).json?["error"] == "invalid_request")
    }
}
