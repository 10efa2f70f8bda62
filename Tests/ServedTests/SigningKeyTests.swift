import Cast
import Cryptography
import HTTP
import Testing

/// The key that signs, replaced while responders of every step answer.
@Suite struct `A new signing key` {
    @Test func `is published before it signs, and what the old one signed is verified by all`() throws {
        let before = Stack.start("signing")
        #expect(try before.console("keys", "--activate").error.contains("`consulate keys --next` makes it"))
        #expect(try before.console("keys", "--next").status == 0)
        let published = restarted(before)
        #expect(try before.console("keys", "--activate").status == 0)
        let active = restarted(before)
        let (ada, web) = (before.ada, before.web)
        let (old, new) = (published.tokens(ada, web).access, active.tokens(before.grace, web).access)
        #expect(key(old) == key(before.tokens(before.person("Alan"), web).access))
        #expect(key(new) != key(old))
        #expect(keys(before) == [key(old)])
        #expect(keys(published) == [key(old), key(new)])
        #expect(keys(active) == [key(new), key(old)])
        for stack in [before, published, active] { #expect(stack.bearerStatus(old) == 404) }
        for stack in [published, active] { #expect(stack.bearerStatus(new) == 404) }
        // Why there are two steps: whoever has not read the new key refuses what it signs.
        #expect(before.bearerStatus(new) == 401)
    }

    @Test func `one step at a time`() throws {
        #expect(try Stack.shared.console("keys", "--next", "--activate").error.contains("one at a time"))
    }

    /// The same server, with what is in its folder now.
    private func restarted(_ stack: Stack) -> Stack {
        Stack.start("signing", settings: ["KEYS_PATH": stack.folder.path(), "APP_URL": stack.environment["APP_URL"] ?? ""])
    }

    /// The key that a token names.
    private func key(_ token: String) -> String? {
        Base64URL.decode(String(token.prefix { $0 != "." })).flatMap { JSON(parsing: $0)?["kid"]?.text }
    }

    /// The keys that a server publishes.
    private func keys(_ stack: Stack) -> [String?] {
        guard case .array(let keys)? = stack.consumer().get("/.well-known/jwks.json").json?["keys"] else { return [] }
        return keys.map { $0["kid"]?.text }
    }
}
