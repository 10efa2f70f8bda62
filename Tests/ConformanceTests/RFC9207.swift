import Cast
import HTTP
import Testing

/// The issuer in authorization responses, against mix-up attacks.
@Suite struct `RFC 9207` {
    private let stack = Stack.shared

    @Test func `RFC 9207 §2: a code, a denial and an error all name the issuer, as the metadata does`() throws {
        let (web, browser) = (stack.web, stack.browser(of: stack.ada))
        let issuer = try #require(stack.consumer().get("/.well-known/oauth-authorization-server").json?["issuer"]?.text)
        func decide(_ more: Form) -> Answer {
            let page = browser.get(stack.authorizeAddress(web))
            var form: Form = ["_token": page.hidden("_token") ?? "", "auth_token": page.hidden("auth_token") ?? ""]
            form.pairs += more.pairs
            return browser.post("/oauth/authorize", .form(form))
        }
        let denied = decide(["_method": "DELETE"])
        let approved = decide([:])
        let failed = browser.get(stack.authorizeAddress(web, ["scope": "nope"]))
        #expect(
            approved.located("code") != nil && denied.located("error") == "access_denied"
                && failed.located("error") == "invalid_scope")
        for answer in [approved, denied, failed] { #expect(answer.located("iss") == issuer) }
    }

    @Test func `RFC 9207 §2.3: the metadata says that responses name the issuer`() {
        #expect(
            stack.consumer().get("/.well-known/oauth-authorization-server").json?[
                "authorization_response_iss_parameter_supported"] == true)
    }
}
