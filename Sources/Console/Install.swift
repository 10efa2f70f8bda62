import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation
import Storage

struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create the missing parts: APP_KEY, the signing key, the tables.",
        discussion:
            "Changes nothing that exists, so it does no harm to run it again. On the tables of a Laravel Passport it does the same as `adopt`."
    )

    @OptionGroup var source: SettingsSource

    func run() throws {
        if try source.settings().appKey.isEmpty {
            try appendApplicationKey()
            print("wrote APP_KEY into \(source.file)")
        } else {
            print("APP_KEY is there")
        }
        let settings = try source.settings()
        let keys = KeyFiles(settings, for: settings.tokenProfile.key)
        if try keys.exist() {
            print("the signing key is there")
        } else {
            guard !FileManager.default.fileExists(atPath: keys.privateKey.path()) else { throw keys.missing }
            try keys.write()
            print("wrote \(keys.privateKey.path()) and \(keys.publicKey.path())")
        }
        _ = try KeyFiles.load(settings)
        let connection = try source.connection()
        if try Adoption(connection).isDue() { try Adopt.begin(PassportTables(on: connection), on: connection) }
        try Migrate.apply(settings, Migrate.adapted(on: connection))
    }

    private func appendApplicationKey() throws {
        let files = FileManager.default
        if !files.fileExists(atPath: source.file) {
            guard files.createFile(atPath: source.file, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw ConsoleError(
                    "\(source.file) cannot be written: set APP_KEY in the environment, or another --env.")
            }
        }
        guard let file = FileHandle(forUpdatingAtPath: source.file) else {
            throw ConsoleError("\(source.file) cannot be written.")
        }
        let end = try file.seekToEnd()
        var separator = ""
        if end > 0 {
            try file.seek(toOffset: end - 1)
            separator = try file.read(upToCount: 1) == Data("\n".utf8) ? "" : "\n"
        }
        try file.write(contentsOf: Data("\(separator)APP_KEY=\(ApplicationKey.generate())\n".utf8))
        try file.close()
    }
}
