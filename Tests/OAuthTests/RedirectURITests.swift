import OAuth
import Testing

/// The redirect URIs that may be registered, and the redirect URIs that may not.
@Suite struct `Redirect URIs` {
    @Test(arguments: [
        "https://a.example", "https://a.example/cb?x=1", "https://a.example:65535/cb", "https://my_app.example/cb",
        "https://a%2Db.example/cb",
        "https://a!$&'()*+;=.example/cb", "https://[2001:db8::1]/cb", "https://[v1.fe80::a+en1]/cb",
        "https://192.0.2.7/cb", "HTTPS://A.example/cb",
        "http://127.0.0.1/cb", "http://127.0.0.1:1/cb", "http://localhost:3000/cb", "http://[::1]:3000/cb",
        "com.example.app:/cb",
        "com.example.app://cb", "https://a.example/cb?list=1%2C2",
    ])
    func `web addresses, loopback and schemes with a dot may be registered`(uri: String) {
        #expect(RedirectURI(registering: uri) != nil)
    }

    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:x", "about:blank",
        "ms-word:ofe|u|x", "ms-settings:x",
        "search-ms:query=x", "filesystem:https://a.example/x", "view-source:https://a.example",
        "jar:https://a.example!/x", "intent://x#Intent;end",
        "content://x", "ws://a.example", "wss://a.example", "mailto:ada@example.com", "tel:1", "chrome://settings",
        "myapp://cb", "ftp://a.example",
    ])
    func `RFC 8252 §7.1: a scheme without a dot may not be registered, whatever program handles it`(uri: String) {
        #expect(RedirectURI(registering: uri) == nil)
    }

    @Test(arguments: [
        "", "a", "//a.example/cb", "/cb", "https:", "https://", "https:///cb", "https://a.example/#f",
        "https://a.example:65536/cb",
        "https://a.example:/cb", "https://a.example:x/cb", "https://ada@a.example/cb",
        "https://ada:secret@a.example/cb", "https://[::1/cb",
        "https://[:::1]/cb", "https://[1.2.3.4]/cb", "https://[v1]/cb", "https://a b.example/cb", "https://a.example/ä",
        "https://a%zz.example/cb",
        "https://a.example/cb,https://b.example/cb", "http://a.example/cb", "http://127.0.0.1.a.example/cb",
        "http://localhost.a.example/cb",
        "com.example.app:", "1com.example:/cb", ".example:/cb", "https://a.example\\@b.example/cb",
    ])
    func `an invalid or misleading address may not be registered`(uri: String) {
        #expect(RedirectURI(registering: uri) == nil)
    }

    @Test func `a redirect URI has at most 2,000 bytes`() {
        let longest = "https://a.example/" + String(repeating: "x", count: 1982)
        #expect(RedirectURI(registering: longest) != nil && RedirectURI(registering: longest + "x") == nil)
    }

    @Test func `an operator can allow a scheme, but not a scheme that a browser executes`() {
        #expect(RedirectURI(registering: "myapp://cb", allowing: ["myapp"]) != nil)
        #expect(RedirectURI(registering: "http://intranet/cb", allowing: ["http"]) != nil)
        for scheme in ["javascript", "data", "file", "view-source", "a:b", "", "1a"] {
            #expect(!RedirectURI.canAllow(scheme: scheme))
        }
    }
}
