import Cast
import DevelopmentStack
import HTTP
import Testing

/// A shop's own triggers on Passport's tables, which may refuse a row.
@Suite(.serialized) struct `A shop's triggers` {
    private static let trigger = """
        CREATE TRIGGER shop_limit BEFORE INSERT ON oauth_access_tokens FOR EACH ROW
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more tokens'
        """

    @Test func `that refuse a token do not use up a code or a refresh token, and doctor names them`() throws {
        let generation = Generation(name: "shoptriggers")
        try generation.make()
        let stack = try generation.stack()
        defer { stack.stop() }
        let (alice, web) = (generation.person, generation.confidential)
        let tokens = stack.tokens(alice, web)
        let code = stack.code(alice, web)
        try generation.mariaDB.query(Self.trigger, database: generation.name)
        for form in [stack.redemption(code, web), stack.refreshment(tokens.refresh, web)] {
            let answer = stack.token(form)
            #expect(answer.status == 500 && answer.json?["error"] == "server_error", "\(answer.text)")
        }
        #expect(stack.bearerStatus(tokens.access) == 404)
        let doctor = try stack.console("doctor").output
        #expect(doctor.contains("problem  statements: MariaDB 1644: no more tokens\n"), "\(doctor)")

        try generation.mariaDB.query("DROP TRIGGER shop_limit", database: generation.name)
        #expect(stack.token(stack.redemption(code, web)).status == 200)
        #expect(stack.token(stack.refreshment(tokens.refresh, web)).status == 200)
    }
}
