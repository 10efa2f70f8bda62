import HTTP
import OAuth
import Testing

@testable import AuthorizationServer

/// The addresses to which a browser may continue after it has signed in.
@Suite struct `Return addresses` {
    private func address(_ text: String) -> String? {
        (try? Parameters(query: Form(dictionaryLiteral: ("return_to", text)).encoded)).flatMap {
            ReturnAddress($0)?.text
        }
    }

    @Test(arguments: [
        "/account", "/account?page=2", "/account/tokens/create", "/account/clients/create", "/account/password",
        "/oauth/authorize",
        "/oauth/authorize?client_id=1&redirect_uri=https%3A%2F%2Fa.example&state=%22", "/docs", "/oauth/scopes",

    ]) func `of this server are kept as they are`(text: String) {
        #expect(address(text) == text)
    }

    @Test(arguments: [("/account/", "/account"), ("/docs/", "/docs"), ("/account/?page=2", "/account?page=2")])
    func `lose the slash at the end, as requests do`(text: String, kept: String) {
        #expect(address(text) == kept)
    }

    /// Texts that a browser would read as another server, or that are not a page of this server.
    private static let refused: [String] = {
        let hosts = ["evil.example", "evil.example:443", "[::1]", "user@evil.example", "3627734734", "0x7f.1"]
        let prefixes = [
            "//", "///", "////", "\\\\", "/\\", "\\/", "https://", "http:", "https:/", "//\t", "/\t/", "\t//", " //",
            "/ /",
        ]
        let others = [
            "", " ", "/", "account", "./account", "../account", "/./account", "/../account", "/account/..",
            "/account/../login",
            "/account/%2e%2e", "/account/%2E%2E/login", "/account/clients/..", "/account/clients/%2e",
            "/account/clients/.%2e",
            "/account/clients/%2e%2e", "?x=1", "#x", "/account#x", "/account\\x", "/account x", "/account\u{e9}",
            "/account\u{0}",
            "/account\n", "/account\r\nX: y", "/account\u{7f}", "javascript:alert(1)", "JavaScript:alert(1)",
            "data:text/html,x",
            "/nowhere", "/account/nowhere", "/login", "/login?return_to=%2Faccount", "/register", "/logout",
            "/oauth/token",
            "/oauth/verify", "/oauth/assets/style-0123456789abcdef.css", "/api/login", "//account", "/account//", "//",
            "/%2faccount",
            "/%5caccount", "/oauth//authorize", "/OAuth/authorize", "/ACCOUNT",
        ]
        return hosts.flatMap { host in prefixes.map { $0 + host } + prefixes.map { $0 + host + "/account" } } + others
    }()

    @Test(arguments: refused) func `that are not a page of this server are refused`(text: String) {
        #expect(address(text) == nil)
    }

    @Test func `are refused if they are too long, repeated or not text`() throws {
        #expect(address("/account?x=" + String(repeating: "x", count: 15_989)) != nil)
        #expect(address("/account?x=" + String(repeating: "x", count: 15_990)) == nil)
        for query in ["return_to=/account&return_to=/docs", "return_to[]=/account", "return_to", "returnto=/account"] {
            #expect(ReturnAddress(try Parameters(query: query)) == nil, "\(query)")
        }
    }

    @Test func `carry the authorization request`() throws {
        let parameters = try Parameters(query: "return_to=%2Foauth%2Fauthorize%3Fclient_id%3D1%26state%3Da%2526b")
        let request = try #require(ReturnAddress(parameters)?.authorizationRequest)
        #expect(request["client_id"]?.text == "1" && request["state"]?.text == "a&b")
        #expect(ReturnAddress(try Parameters(query: "return_to=/account"))?.authorizationRequest == nil)
    }
}
