import Cast
import HTTP
import Testing

/// JSON Web Keys.
@Suite struct `RFC 7517` {
    private let stack = Stack.shared

    @Test func `RFC 7517 §5: the key set publishes every key that verifies tokens, and no private part`() {
        let answer = stack.consumer().get("/.well-known/jwks.json")
        #expect(answer.status == 200)
        guard case .array(let keys)? = answer.json?["keys"] else {
            Issue.record("no keys")
            return
        }
        #expect(keys.count == 1)
        #expect(keys[0]["alg"] == "ES256")
        #expect(keys[0]["d"] == nil)
    }
}
