import OAuth
import Testing

/// The scopes of the settings, and the scopes of a request (RFC 6749 §3.3).
@Suite struct `Scopes` {
    private static func catalogue(
        _ text: String = "read Read; write Write; admin:all Everything", defaults: String = "read"
    ) throws
        -> ScopeCatalogue
    {
        try ScopeCatalogue(text, defaults: defaults)
    }

    @Test(
        arguments: [
            ("read Read", ["read"]), ("read Read; write Write", ["read", "write"]),
            ("read Read;write Write;", ["read", "write"]),
            ("read Read\nwrite Write", ["read", "write"]), (" read  Read ; ;\n; write", ["read", "write"]), ("", []),
            (" ; \n", []),
            ("a!b#c[d]^e`{f}|~", ["a!b#c[d]^e`{f}|~"]),
            ("https://api.example/orders.read Orders", ["https://api.example/orders.read"]),
            ("openid Sign in", ["openid"]), ("Read R; read r", ["Read", "read"]),
        ] as [(String, [String])]) func `of the settings are read`(text: String, ids: [String]) throws
    {
        #expect(try Self.catalogue(text, defaults: "").all.map(\.id) == ids)
    }

    @Test(arguments: [
        "read Read; read Again", "* Everything", "a\"b x", "a\\b x", "é x", "a\u{7f}b x", "😀 x", "read; read",
        "x Ok; a\tb",
    ]) func `with a wrong or repeated id cannot be used`(text: String) {
        #expect(throws: ScopeCatalogueError.self) { try Self.catalogue(text, defaults: "") }
    }

    @Test(arguments: ["nope", "read nope", "Read", "READ", "*", "read,write"]) func `that are defaults must exist`(
        defaults: String
    ) {
        #expect(throws: ScopeCatalogueError.self) { try Self.catalogue(defaults: defaults) }
    }

    /// Requests and the scopes that they get.
    private static let requests: [(String?, [String])] = [
        (nil, ["read"]), ("read", ["read"]), ("write", ["write"]), ("read write", ["read", "write"]),
        ("write read", ["write", "read"]),
        ("read read", ["read"]), ("read  write", ["read", "write"]), (" read ", ["read"]), ("admin:all", ["admin:all"]),
        ("openid", ["read"]), ("offline_access", ["read"]), ("openid offline_access", ["read"]),
        ("openid read", ["read"]),
        ("read openid write", ["read", "write"]), ("write write write read", ["write", "read"]), (" ", []), ("   ", []),
        ("", []),
    ]

    @Test(arguments: requests)
    func `of a request are each granted once, in its order, and ignored scopes are as left out`(
        text: String?, ids: [String]
    ) throws {
        #expect(try Self.catalogue().resolve(text) == ids)
    }

    @Test(arguments: [
        "nope", "read nope", "Read", "READ", "read,write", "read;write", "*", "* read", "read\twrite", "read\nwrite",
        "admin", "admin:",
        "admin:al", "admin:all2", "re\u{301}ad", "read\u{200b}", "\u{a0}read", "openid nope", "OpenID", "read\0",
    ]) func `that do not exist are invalid_scope`(text: String) {
        #expect { try Self.catalogue().resolve(text) } throws: { ($0 as? OAuthError)?.code == .invalidScope }
    }

    @Test func `that the settings define are granted even if other servers ignore them`() throws {
        #expect(try Self.catalogue("openid Sign in; read Read").resolve("openid read") == ["openid", "read"])
    }

    @Test func `are described in words, and an unknown scope by its id`() throws {
        let described = try Self.catalogue("read Read everything; bare").describe(["bare", "read", "gone"])
        #expect(described.map(\.description) == ["bare", "Read everything", "gone"])
    }
}
