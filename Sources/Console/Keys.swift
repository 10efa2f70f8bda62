import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation
import Storage

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create the key that signs tokens.",
        discussion:
            """
            Writes oauth-private.key and oauth-public.key into KEYS_PATH. With --force the old public key stays in the file: what it verifies lives on.

            Where several responders or other servers verify tokens, replace a key in two steps, with a restart after each: --next publishes a key that does not sign yet; --activate lets it sign. The old one stays
            published.
            """
    )

    @Option(help: "ES256 or RS256. The default depends on TOKEN_PROFILE.")
    var algorithm: String?

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
        let keys = KeyFiles(settings)
        guard !keys.areSettings, settings.publicKey.isEmpty else {
            throw ConsoleError(
                "PASSPORT_PRIVATE_KEY or PASSPORT_PUBLIC_KEY has keys, so no file would be used: unset both first."
            )
        }
        if activate { return try activate(keys, settings.tokenProfile) }
        if next { return try makeNext(keys, settings.tokenProfile) }
        guard force || !FileManager.default.fileExists(atPath: keys.privateKey.path()) else {
            throw ConsoleError("\(keys.privateKey.path()) is there: --force replaces it.")
        }
        try keys.write(algorithm(else: Self.algorithm(for: settings.tokenProfile), settings.tokenProfile))
        record(.keyMade, try keys.currentPublicKey())
        print("wrote \(keys.privateKey.path()) and \(keys.publicKey.path()); restart `consulate serve` to use them")
    }

    private func makeNext(_ keys: KeyFiles, _ profile: TokenProfile) throws {
        guard try keys.nextPublicKey() == nil else {
            throw ConsoleError("\(keys.nextKey.path()) is there: --activate lets it sign.")
        }
        guard let current = try keys.currentPublicKey() else {
            throw ConsoleError("\(keys.privateKey.path()) does not exist: `consulate keys` makes the first key.")
        }
        try keys.writeNext(algorithm(else: current.algorithm, profile))
        record(.keyMade, try keys.nextPublicKey())
        print(
            "wrote \(keys.nextKey.path()); restart every `consulate serve`, which publishes it, then `consulate keys --activate`"
        )
    }

    private func activate(_ keys: KeyFiles, _ profile: TokenProfile) throws {
        guard let next = try keys.nextPublicKey() else {
            throw ConsoleError("\(keys.nextKey.path()) does not exist: `consulate keys --next` makes it.")
        }
        try Self.check(next.algorithm, profile)
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

    private func algorithm(else usual: SignatureAlgorithm, _ profile: TokenProfile) throws -> SignatureAlgorithm {
        guard let chosen = algorithm.map(SignatureAlgorithm.init(rawValue:)) ?? usual else {
            throw ConsoleError("--algorithm is ES256 or RS256.")
        }
        try Self.check(chosen, profile)
        return chosen
    }

    private static func check(_ algorithm: SignatureAlgorithm, _ profile: TokenProfile) throws {
        guard profile.allows(algorithm) else {
            throw ConsoleError("TOKEN_PROFILE=passport signs with RS256, not \(algorithm.rawValue).")
        }
    }

    static func algorithm(for profile: TokenProfile) -> SignatureAlgorithm {
        profile == .passport ? .rs256 : .es256
    }
}
