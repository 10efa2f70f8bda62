import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation
import MariaDB

struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's tables up to date.",
        discussion: "Applies what `sql/` has and the database lacks, in order. Running it twice, or on two hosts at once, does no harm.")

    @Flag(help: "Say what would be applied, and apply nothing.")
    var dryRun = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        let settings = try source.settings()
        if dryRun {
            for migration in try Self.migrator(settings).pending() { print("would apply \(migration.name)") }
            return
        }
        try Self.apply(settings)
    }

    /// Applies what is pending, and says what that was.
    static func apply(_ settings: Settings) throws {
        let applied = try migrator(settings).migrate(clock: currentTime, wait: { usleep(200_000) })
        for migration in applied { print("applied \(migration.name)") }
        if applied.isEmpty { print("the database is up to date") }
    }

    static func migrator(_ settings: Settings) -> Migrator {
        Migrator(
            to: settings.database, migrations: Schema.migrations, holder: "\(ProcessInfo.processInfo.hostName) \(getpid()) \(Random.alphanumeric(8))")
    }
}
