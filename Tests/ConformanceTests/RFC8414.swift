import Cast
import HTTP
import Testing

/// The metadata of the authorization server.
@Suite struct `RFC 8414` {
    private let stack = Stack.shared

    @Test func `RFC 8414 §2: the metadata describes exactly the features that are switched on`() {
        let answer = stack.consumer().get("/.well-known/oauth-authorization-server")
        let issuer = "http://127.0.0.1:\(stack.port)"
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer.json?["issuer"]?.text == issuer)
        #expect(answer.json?["token_endpoint"]?.text == issuer + "/oauth/token")
        #expect(answer.json?["code_challenge_methods_supported"] == ["S256"])
        #expect(answer.json?["authorization_response_iss_parameter_supported"] == true)
        #expect(answer.json?["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"])
        #expect(answer.json?["response_types_supported"] == ["code"])
        #expect(answer.json?["scopes_supported"] == ["place-orders", "check-status"])
        #expect(!answer.text.contains("[]"))
    }

    @Test
    func `RFC 8414 §3.2: the document is 200, application/json, without empty lists, and every address in it answers`()
    {
        let answer = stack.consumer().get("/.well-known/oauth-authorization-server")
        #expect(answer.status == 200 && answer["Content-Type"] == "application/json")
        guard case .object(let members)? = answer.json else {
            Issue.record("no object")
            return
        }
        for member in members {
            #expect(member.value != .array([]) && member.value != "" && member.value != .null, "\(member.name)")
            guard let address = member.value.text, member.name.hasSuffix("_endpoint") || member.name.hasSuffix("_uri")
            else { continue }
            let path = address.replacing("http://127.0.0.1:\(stack.port)", with: "")
            #expect(
                path.hasPrefix("/") && ![404, 500, 502].contains(stack.consumer().get(path).status), "\(member.name)")
        }
    }

    @Test func `RFC 8414 §3.3: the issuer equals the address under which the document was found, byte for byte`() {
        let issuer = "http://127.0.0.1:\(stack.port)"
        #expect(stack.consumer().get("/.well-known/oauth-authorization-server").json?["issuer"]?.text == issuer)
        #expect(claims(stack.tokens(stack.ada, stack.web).access)?["iss"]?.text == issuer)
    }
}
