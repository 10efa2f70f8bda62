import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation
import OAuth
import Storage

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a key that signs tokens.",
        discussion:
            """
            Writes access-token-private.key and access-token-public.key into KEYS_PATH, or Passport's oauth-private.key and oauth-public.key with --for passport. With --force the old public key stays in the file: what it verifies lives on.

            Where several responders or other servers verify tokens, replace a key in two steps, with a restart after each: --next publishes a key that does not sign yet; --activate lets it sign. The old one stays
            published.
            """
    )

    @Option(
        name: .customLong("for"),
        help:
            "The purpose: \(KeyPurpose.all.map(\.name).joined(separator: " or ")). The default depends on TOKEN_PROFILE."
    )
    var purpose: String?

    @Flag(help: "Replace an existing key.")
    var force = false

    @Flag(help: "Create the key that will sign next, and publish it.")
    var next = false

    @Flag(help: "Let the key of --next sign.")
    var activate = false

    @OptionGroup var source: SettingsSource

    func validate() throws {
        let steps = [force, next, activate].filter { $0 }
        guard steps.count <= 1 else { throw ValidationError("--force, --next and --activate are done one at a time.") }
    }

    func run() throws {
        let settings = try source.settings()
        let name = purpose ?? settings.tokenProfile.key.name
        guard let purpose = KeyPurpose.all.first(where: { $0.name == name }) else {
            throw ConsoleError("--for is \(KeyPurpose.all.map(\.name).joined(separator: " or ")).")
        }
        let keys = KeyFiles(settings, for: purpose)
        guard !keys.areSettings else {
            throw ConsoleError(
                "\(keys.privateSetting) or \(keys.publicSetting) has keys, so no file would be used: unset both first."
            )
        }
        try KeyFiles.separate(settings)
        if activate { return try activate(keys) }
        if next { return try makeNext(keys) }
        guard force || !FileManager.default.fileExists(atPath: keys.privateKey.path()) else {
            throw ConsoleError("\(keys.privateKey.path()) is there: --force replaces it.")
        }
        try keys.write()
        record(.keyMade, try keys.currentPublicKey())
        print("wrote \(keys.privateKey.path()) and \(keys.publicKey.path()); restart `consulate serve` to use them")
    }

    private func makeNext(_ keys: KeyFiles) throws {
        guard try keys.nextPublicKey() == nil else {
            throw ConsoleError("\(keys.nextKey.path()) is there: --activate lets it sign.")
        }
        guard try keys.exist() else {
            throw ConsoleError(
                "There is no key for \(keys.purpose.name) yet: `consulate keys --for \(keys.purpose.name)` makes the first key."
            )
        }
        try keys.writeNext()
        record(.keyMade, try keys.nextPublicKey())
        print(
            "wrote \(keys.nextKey.path()); restart every `consulate serve`, which publishes it, then `consulate keys --activate`"
        )
    }

    private func activate(_ keys: KeyFiles) throws {
        guard let next = try keys.nextPublicKey() else {
            throw ConsoleError("\(keys.nextKey.path()) does not exist: `consulate keys --next` makes it.")
        }
        guard next.algorithm == keys.purpose.algorithm else {
            throw ConsoleError("\(keys.nextKey.path()) is not a key for \(keys.purpose.algorithm.rawValue): remove it.")
        }
        try keys.activate(next)
        record(.keyActivated, next)
        print("\(keys.privateKey.path()) is the new key; restart every `consulate serve`, which signs with it")
    }

    /// Records a change of keys in the audit trail, if the database answers.
    ///
    /// A key can be changed without a database. In any case, `serve` records the keys with which it
    /// signs.
    private func record(_ kind: AuditEvent.Kind, _ key: VerificationKey?) {
        do {
            try source.record(kind, detail: key?.id, on: source.connection())
        } catch {
            print("the audit trail could not be told: \(error)")
        }
    }
}
