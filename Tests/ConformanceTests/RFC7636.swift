import Cast
import Foundation
import HTTP
import Testing

/// Proof Key for Code Exchange.
@Suite struct `RFC 7636` {
    private let stack = Stack.shared

    @Test(arguments: [
        "short", String(repeating: "a", count: 42), String(repeating: "a", count: 129),
        String(repeating: "a", count: 42) + "!",
    ])
    func `RFC 7636 §4.1: a malformed verifier is refused, and the code stays valid`(text: String) {
        let (ada, native, verifier) = (stack.ada, stack.native, Verifier())
        let code = stack.code(ada, native, verifier: verifier)
        var form = stack.redemption(code, native)
        form.append("code_verifier", text)
        let answer = stack.token(form)
        #expect(answer.status == 400 && ["invalid_request", "invalid_grant"].contains(answer.json?["error"]?.text))
        #expect(stack.token(stack.redemption(code, native, verifier: verifier)).status == 200)
    }

    @Test func `RFC 7636 §4.2: S256 is supported, and advertised`() {
        let (native, verifier) = (stack.native, Verifier())
        #expect(
            stack.token(stack.redemption(stack.code(stack.ada, native, verifier: verifier), native, verifier: verifier))
                .status == 200)
        #expect(
            stack.consumer().get("/.well-known/oauth-authorization-server").json?["code_challenge_methods_supported"]
                == ["S256"])
    }

    @Test func `RFC 7636 §4.4.1: a public client without a challenge is refused`() {
        let answer = stack.script(of: stack.ada).get(stack.authorizeAddress(stack.native))
        #expect(answer.located("error") == "invalid_request")
        #expect(answer.located("code") == nil)
    }

    @Test func `RFC 7636 §4.6: a public client redeems a code only with the verifier of the code`() {
        let (ada, native, verifier) = (stack.ada, stack.native, Verifier())
        let code = stack.code(ada, native, verifier: verifier)
        let without = stack.token(stack.redemption(code, native))
        #expect(without.status == 400)
        #expect(without.json?["error"] == "invalid_request")
        #expect(stack.token(stack.redemption(code, native, verifier: Verifier())).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption(code, native, verifier: verifier)).status == 200)
    }

    @Test func `RFC 7636 §4.6: a confidential client that sent a challenge must send the verifier`() {
        let (ada, web, verifier) = (stack.ada, stack.web, Verifier())
        let code = stack.code(ada, web, verifier: verifier)
        #expect(stack.token(stack.redemption(code, web)).status == 400)
        #expect(stack.token(stack.redemption(code, web, verifier: verifier)).status == 200)
    }
}
