import Cast
import Foundation
import HTTP
import Testing

/// Native applications.
@Suite struct `RFC 8252` {
    private let stack = Stack.shared

    @Test func `RFC 8252 §7.3: only the port of a loopback address may vary`() {
        let app = stack.client(
            "Loopback", redirect: "http://127.0.0.1/cb", isPublic: true, grants: [.authorizationCode])
        let script = stack.script(of: stack.ada)
        let verifier = Verifier()
        #expect(
            script.get(stack.authorizeAddress(app, ["redirect_uri": "http://127.0.0.1:51004/cb"], verifier: verifier))
                .status == 200)
        for other in [
            "http://127.0.0.1:51004/other", "http://localhost:51004/cb", "http://127.0.0.1:x/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:80@evil.example/cb",
        ] {
            #expect(script.get(stack.authorizeAddress(app, ["redirect_uri": other], verifier: verifier)).status == 400)
        }
    }

    @Test func `RFC 8252 §8.6: the user is always asked about a public client without an https redirect URI`() {
        let ada = stack.ada
        for redirect in ["http://127.0.0.1:8000/cb", "http://localhost:8000/cb", "com.example.app:/cb"] {
            for isFirstParty in [false, true] {
                let native = stack.client(
                    "Native", redirect: redirect, isPublic: true, grants: [.authorizationCode, .refreshToken],
                    isFirstParty: isFirstParty)
                _ = stack.tokens(ada, native)
                let page = stack.browser(of: ada).get(stack.authorizeAddress(native, verifier: Verifier()))
                #expect(page.status == 200 && page.text.contains("would like to access"), "\(redirect)")
                let silent = stack.browser(of: ada).get(
                    stack.authorizeAddress(native, ["prompt": "none"], verifier: Verifier()))
                #expect(silent.located("error") == "consent_required")
            }
        }
    }

    @Test func `RFC 8252 §8.6: an https redirect URI identifies a public client, so its consent is remembered`() {
        let (ada, native) = (stack.ada, stack.native)
        let first = stack.browser(of: ada).get(stack.authorizeAddress(native, ["prompt": "none"], verifier: Verifier()))
        #expect(first.located("error") == "consent_required")
        _ = stack.tokens(ada, native)
        let silent = stack.browser(of: ada).get(
            stack.authorizeAddress(native, ["prompt": "none"], verifier: Verifier()))
        #expect(silent.located("code") != nil)
    }
}
