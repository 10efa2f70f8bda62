import AuthorizationServer
import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import OAuth
import Testing

/// The replacement of the signing key, while responders of every step answer.
@Suite struct `A new signing key` {
    @Test func `is published before it signs, and all responders verify the tokens of the old key`() throws {
        let before = Stack.start("signing")
        #expect(try before.console("keys", "--activate").error.contains("`consulate keys --next` makes it"))
        #expect(try before.console("keys", "--next").status == 0)
        let published = before.again()
        #expect(try before.console("keys", "--activate").status == 0)
        let active = before.again()
        let (ada, web) = (before.ada, before.web)
        let (old, new) = (published.tokens(ada, web).access, active.tokens(before.grace, web).access)
        #expect(key(old) == key(before.tokens(before.person("Alan"), web).access))
        #expect(key(new) != key(old))
        #expect(keys(before) == [key(old)])
        #expect(keys(published) == [key(old), key(new)])
        #expect(keys(active) == [key(new), key(old)])
        for stack in [before, published, active] { #expect(stack.bearerStatus(old) == 404) }
        for stack in [published, active] { #expect(stack.bearerStatus(new) == 404) }
        // The reason for two steps: a server that has not read the new key refuses its tokens.
        #expect(before.bearerStatus(new) == 401)
    }

    @Test func `only one step at a time is allowed`() throws {
        #expect(try Stack.shared.console("keys", "--next", "--activate").error.contains("one at a time"))
    }

    @Test func `a next key is created once, for the profile's algorithm, and never if the keys are settings`() throws {
        let stack = Stack.start("nextkey")
        #expect(try stack.console("keys", "--next").status == 0)
        #expect(try stack.console("keys", "--next").error.contains("oauth-next.key is there"))
        #expect(try stack.console("keys", "--force").status == 0)
        #expect(try published(stack).count == 2, "the next key was never used, so it is gone")
        let passport = ["TOKEN_PROFILE": "passport"]
        #expect(try keys(stack, ["--next", "--algorithm", "ES256"], passport).contains("signs with RS256, not ES256"))
        #expect(try keys(stack, ["--next"], ["PASSPORT_PUBLIC_KEY": "x"]).contains("unset both first"))
        #expect(try stack.console("keys", "--next").status == 0)
        #expect(try keys(stack, ["--activate"], passport).contains("signs with RS256, not ES256"))
    }

    @Test
    func `the current key is published even if the public key file was lost, and the folder's owner owns all files`()
        throws
    {
        let stack = Stack.start("lostkeys")
        let file = stack.folder.appending(path: "oauth-public.key").path()
        let current = try published(stack)
        try FileManager.default.removeItem(atPath: file)
        // Only root can change the owner of a file. For other users the owner is the same anyway.
        let owner = getuid() == 0 ? 12345 : Int(getuid())
        for path in [stack.folder.path(), stack.folder.appending(path: "oauth-private.key").path()] {
            try FileManager.default.setAttributes([.ownerAccountID: owner], ofItemAtPath: path)
        }
        #expect(try stack.console("keys", "--next").status == 0)
        #expect(try published(stack).first == current.first)
        for name in ["oauth-public.key", "oauth-next.key"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: stack.folder.appending(path: name).path())
            #expect(attributes[.ownerAccountID] as? Int == owner)
        }
    }

    /// Returns the text that `consulate keys` writes to stderr, with further settings.
    private func keys(_ stack: Stack, _ arguments: [String], _ settings: [String: String]) throws -> String {
        try ChildProcess.output(
            Folder.program, ["keys", "--env", stack.folder.appending(path: "env").path()] + arguments,
            environment: stack.environment.merging(settings) { _, new in new }
        ).error
    }

    /// Returns the public keys in a server's file.
    private func published(_ stack: Stack) throws -> [String] {
        KeySet.blocks(of: try String(contentsOf: stack.folder.appending(path: "oauth-public.key"), encoding: .utf8))
    }

    /// Returns the id of the key that a token names.
    private func key(_ token: String) -> String? {
        Base64URL.decode(String(token.prefix { $0 != "." })).flatMap { JSON(parsing: $0)?["kid"]?.text }
    }

    /// Returns the ids of the keys that a server publishes.
    private func keys(_ stack: Stack) -> [String?] {
        guard case .array(let keys)? = stack.consumer().get("/.well-known/jwks.json").json?["keys"] else { return [] }
        return keys.map { $0["kid"]?.text }
    }
}
