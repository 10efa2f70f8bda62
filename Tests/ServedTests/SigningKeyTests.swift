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
        #expect(try stack.console("keys", "--next").error.contains("access-token-next.key is there"))
        #expect(try stack.console("keys", "--force").status == 0)
        #expect(try published(stack).count == 2, "the next key was never used, so it is gone")
        let passport = ["TOKEN_PROFILE": "passport"]
        #expect(try keys(stack, ["--next"], passport).contains("`consulate keys --for passport` makes the first key"))
        #expect(try keys(stack, ["--next"], ["ACCESS_TOKEN_PUBLIC_KEY": "x"]).contains("unset both first"))
        #expect(try stack.console("keys", "--next").status == 0)
        #expect(try keys(stack, ["--activate"], passport).contains("oauth-next.key does not exist"))
    }

    @Test func `each purpose has a key of its own: Passport's tokens are never signed with a key of others`() throws {
        let stack = Stack.start("purposes")
        #expect(try stack.console("keys", "--for", "passport").status == 0)
        let passport = stack.again(["TOKEN_PROFILE": "passport"])
        let (ours, theirs) = (stack.tokens(stack.ada, stack.web).access, passport.tokens(stack.grace, stack.web).access)
        let ring = stack.again()
        // A token of the profile passport is accepted by this profile and on adopted tables only.
        #expect([stack, passport, ring].map { $0.bearerStatus(ours) } == [404, 404, 404])
        #expect([passport, ring].map { $0.bearerStatus(theirs) } == [404, 401])
        let (es256, rs256) = (try #require(key(ours)), try identifier(of: "oauth-private.key", stack))
        #expect(try identifier(of: "access-token-private.key", stack) == es256)
        #expect(key(theirs) == rs256)
        for server in [passport, ring] {
            #expect(keys(server) == [es256], "the key set of clients never has Passport's key")
            #expect(keys(server, "passport-jwks.json") == [rs256])
        }
        #expect(keys(stack, "passport-jwks.json") == [], "it was started before Passport's key existed")
    }

    @Test
    func `an earlier version's key of access tokens still signs in the place of Passport's, until it is replaced`()
        throws
    {
        let before = Stack.start("formerkey")
        let token = before.tokens(before.ada, before.web).access
        for half in ["private", "public"] {
            try FileManager.default.moveItem(
                at: before.folder.appending(path: "access-token-\(half).key"),
                to: before.folder.appending(path: "oauth-\(half).key"))
        }
        let after = before.again()
        #expect(key(after.tokens(before.grace, before.web).access) == key(token))
        #expect(keys(after) == [key(token)])
        #expect(keys(after, "passport-jwks.json") == [])
        #expect(try before.console("install").output.contains("the signing key is there"))
        #expect(try before.console("doctor").output.contains("ok       \(before.folder.path())/oauth-private.key"))
        #expect(try keys(before, ["--for", "passport"], [:]) == "", "Passport's file is free for Passport's key")
        #expect(try identifier(of: "access-token-private.key", before) == key(token))
        let blocks = KeySet.blocks(
            of: try String(contentsOf: before.folder.appending(path: "access-token-public.key"), encoding: .utf8))
        #expect(blocks.count == 1, "a removed key is in one block only")
        let rs256 = try identifier(of: "oauth-private.key", before)
        let published = KeySet.blocks(
            of: try String(contentsOf: before.folder.appending(path: "oauth-public.key"), encoding: .utf8))
        #expect(try published.map { try VerificationKey(pem: $0).id } == [rs256], "a removed key is in one file only")
        #expect(try before.console("keys", "--next").status == 0)
        #expect(try before.console("keys", "--activate").status == 0)
        let replaced = before.again()
        let new = key(replaced.tokens(before.person("Alan"), before.web).access)
        #expect(new != key(token))
        #expect(keys(replaced) == [new, key(token)])
        #expect(keys(replaced, "passport-jwks.json") == [rs256])
        #expect(replaced.bearerStatus(token) == 404)
    }

    @Test func `a next key of an earlier version keeps its purpose, and no key gets another purpose`() throws {
        let stack = Stack.start("formernext")
        #expect(try stack.console("keys", "--next").status == 0)
        let next = try identifier(of: "access-token-next.key", stack)
        for name in ["private", "public", "next"] {
            try FileManager.default.moveItem(
                at: stack.folder.appending(path: "access-token-\(name).key"),
                to: stack.folder.appending(path: "oauth-\(name).key"))
        }
        #expect(try stack.console("keys", "--activate").status == 0)
        #expect(try identifier(of: "access-token-private.key", stack) == next)
        #expect(try stack.console("keys", "--for", "passport").status == 0)
        try Data(SigningKey.generate(.es256).utf8).write(to: stack.folder.appending(path: "oauth-next.key"))
        let rs256 = try identifier(of: "oauth-private.key", stack)
        #expect(
            try stack.console("keys", "--for", "passport", "--activate").error.contains("is not a key for RS256"))
        #expect(try identifier(of: "oauth-private.key", stack) == rs256)
    }

    @Test
    func `the current key is published even if the public key file was lost, and the folder's owner owns all files`()
        throws
    {
        let stack = Stack.start("lostkeys")
        let file = stack.folder.appending(path: "access-token-public.key").path()
        let current = try published(stack)
        try FileManager.default.removeItem(atPath: file)
        // Only root can change the owner of a file. For other users the owner is the same anyway.
        let owner = getuid() == 0 ? 12345 : Int(getuid())
        for path in [stack.folder.path(), stack.folder.appending(path: "access-token-private.key").path()] {
            try FileManager.default.setAttributes([.ownerAccountID: owner], ofItemAtPath: path)
        }
        #expect(try stack.console("keys", "--next").status == 0)
        #expect(try published(stack).first == current.first)
        for name in ["access-token-public.key", "access-token-next.key"] {
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
        KeySet.blocks(
            of: try String(contentsOf: stack.folder.appending(path: "access-token-public.key"), encoding: .utf8))
    }

    /// Returns the id of the key that a token names.
    private func key(_ token: String) -> String? {
        Base64URL.decode(String(token.prefix { $0 != "." })).flatMap { JSON(parsing: $0)?["kid"]?.text }
    }

    /// Returns the id of a key in a server's file.
    private func identifier(of file: String, _ stack: Stack) throws -> String {
        let pem = try String(contentsOf: stack.folder.appending(path: file), encoding: .utf8)
        return try SigningKey(pem: pem).publicKey.id
    }

    /// Returns the ids of the keys that a server publishes.
    private func keys(_ stack: Stack, _ document: String = "jwks.json") -> [String?] {
        guard case .array(let keys)? = stack.consumer().get("/.well-known/\(document)").json?["keys"] else {
            return ["no document"]
        }
        return keys.map { $0["kid"]?.text }
    }
}
