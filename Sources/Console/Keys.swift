import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the key that signs tokens.",
        discussion:
            "Writes oauth-private.key and oauth-public.key into KEYS_PATH. With --force the old public key stays in the file: what it verifies lives on."
    )

    @Option(help: "ES256 or RS256; what TOKEN_PROFILE needs, if not given.")
    var algorithm: String?

    @Flag(help: "Replace a key that is there.")
    var force = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        let settings = try source.settings()
        let keys = KeyFiles(settings)
        guard !keys.areSettings else { throw ConsoleError("PASSPORT_PRIVATE_KEY holds the key, so a file would not be used: unset it first.") }
        guard force || !FileManager.default.fileExists(atPath: keys.privateKey.path()) else {
            throw ConsoleError("\(keys.privateKey.path()) is there: --force replaces it.")
        }
        guard let chosen = algorithm.map(SignatureAlgorithm.init(rawValue:)) ?? Self.algorithm(for: settings.tokenProfile) else {
            throw ConsoleError("--algorithm is ES256 or RS256.")
        }
        try keys.write(chosen)
        print("wrote \(keys.privateKey.path()) and \(keys.publicKey.path()); restart `consulate serve` to use them")
    }

    static func algorithm(for profile: TokenProfile) -> SignatureAlgorithm {
        profile == .passport ? .rs256 : .es256
    }
}
