import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the key that signs tokens.",
        discussion:
            """
            Writes oauth-private.key and oauth-public.key into KEYS_PATH. With --force the old public key stays in the file: what it verifies lives on.

            Where several responders or other servers verify tokens, replace a key in two steps, with a restart after each: --next publishes a key that does not sign yet; --activate lets it sign. The old one stays
            published.
            """
    )

    @Option(help: "ES256 or RS256; what TOKEN_PROFILE needs, if not given.")
    var algorithm: String?

    @Flag(help: "Replace a key that is there.")
    var force = false

    @Flag(help: "Make the key that will sign next, and publish it.")
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
        guard !keys.areSettings else { throw ConsoleError("PASSPORT_PRIVATE_KEY holds the key, so a file would not be used: unset it first.") }
        if activate { return try activate(keys) }
        guard force || next || !FileManager.default.fileExists(atPath: keys.privateKey.path()) else {
            throw ConsoleError("\(keys.privateKey.path()) is there: --force replaces it.")
        }
        guard let chosen = algorithm.map(SignatureAlgorithm.init(rawValue:)) ?? Self.algorithm(for: settings.tokenProfile) else {
            throw ConsoleError("--algorithm is ES256 or RS256.")
        }
        if next {
            try keys.writeNext(chosen)
            print("wrote \(keys.nextKey.path()); restart every `consulate serve`, which publishes it, then `consulate keys --activate`")
            return
        }
        try keys.write(chosen)
        print("wrote \(keys.privateKey.path()) and \(keys.publicKey.path()); restart `consulate serve` to use them")
    }

    private func activate(_ keys: KeyFiles) throws {
        guard FileManager.default.fileExists(atPath: keys.nextKey.path()) else {
            throw ConsoleError("\(keys.nextKey.path()) does not exist: `consulate keys --next` makes it.")
        }
        try keys.activateNext()
        print("\(keys.privateKey.path()) is the new key; restart every `consulate serve`, which signs with it")
    }

    static func algorithm(for profile: TokenProfile) -> SignatureAlgorithm {
        profile == .passport ? .rs256 : .es256
    }
}
