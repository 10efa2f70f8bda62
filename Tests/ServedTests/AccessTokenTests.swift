import Cast
import HTTP
import MariaDB
import Testing

/// The checks that a bearer route makes on a token before it reads the row of the token.
@Suite struct `Access tokens` {
    private let stack = Stack.shared

    @Test(
        arguments: [
            "x", ".", "..", "a.b", "a.b.c", "e30.e30.", "e30.e30.e30", "eyJhbGciOiJub25lIn0.e30.",
            "eyJhbGciOiJIUzI1NiJ9.e30.e30",
            "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AAAA",
        ]) func `text that is not a valid token is 401 invalid_token`(token: String)
    {
        let answer = stack.consumer(bearer: token).get("/api/users?name=x")
        #expect(answer.status == 401)
        #expect(answer["WWW-Authenticate"] == #"Bearer error="invalid_token""#)
    }

    @Test func `a token that was changed in any place is refused`() {
        let token = stack.tokens(stack.ada, stack.web).access
        #expect(stack.bearerStatus(token) == 404)
        for index in stride(from: 3, to: token.count, by: 17) {
            var characters = Array(token)
            characters[index] = characters[index] == "A" ? "B" : "A"
            #expect(stack.bearerStatus(String(characters)) == 401, "changed at \(index)")
        }
    }

    @Test
    func `a token with a remembered signature is refused if its row becomes invalid or if one byte differs`()
        throws
    {
        for change: SQL in [
            "UPDATE oauth_access_tokens SET revoked = 1 WHERE id = ?",
            "UPDATE oauth_access_tokens SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE id = ?",
            "UPDATE oauth_access_tokens SET expires_at = NULL WHERE id = ?",
            "UPDATE oauth_access_tokens SET user_id = 999999999 WHERE id = ?",
            "UPDATE oauth_access_tokens SET client_id = 'nobody' WHERE id = ?",
            "DELETE FROM oauth_access_tokens WHERE id = ?",
        ] {
            let token = stack.tokens(stack.ada, stack.web).access
            for _ in 0..<20 { #expect(stack.bearerStatus(token) == 404) }
            let other = token.dropLast(2) + (token.hasSuffix("AA") ? "BA" : "AA")
            #expect(stack.bearerStatus(String(other)) == 401)
            try stack.connection().execute(change, claims(token)?["jti"]?.text ?? "")
            for _ in 0..<20 { #expect(stack.bearerStatus(token) == 401) }
        }
    }
}
