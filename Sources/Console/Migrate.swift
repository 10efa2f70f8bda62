import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation
import MariaDB
import Storage

struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database's tables up to date.",
        discussion:
            "Applies the migrations of `sql/` that the database lacks, in order. It does no harm to run it twice, or on two hosts at once."
    )

    @Flag(help: "Only list the missing migrations; apply nothing.")
    var dryRun = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        let settings = try source.settings()
        let connection = try source.connection()
        guard try !Adoption(connection).isDue() else {
            throw ConsoleError("These tables are Laravel Passport's: run `consulate adopt \(source.options)`.")
        }
        if dryRun {
            for migration in try Self.migrator(settings).pending() { print("would apply \(migration.name)") }
            return
        }
        try Self.apply(settings, Self.adapted(on: connection))
    }

    /// Applies the pending migrations and prints them.
    static func apply(_ settings: Settings, _ migrations: [Migration]) throws {
        let applied = try migrator(settings, migrations).migrate(
            clock: currentTime, wait: { usleep(200_000) },
            waiting: { print("waiting for \($0), who may go on until \($1.sql) UTC, and longer while it lives") }
        ) {
            if $0.text != PassportTables.nothing { print("applying \($0.name)") }
        }
        let connection = Connection(to: settings.database)
        if try !connection.isAdopted() {
            let count = try UserRepository(connection).computeNormalForms()
            if count > 0 { print("computed the normal form of \(count) email addresses") }
        }
        print(applied.isEmpty ? "the database is up to date" : "the database is up to date now")
    }

    /// Returns the migrations.
    ///
    /// If Consulate has adopted a Passport, the migrations are adapted to the Passport's tables.
    static func adapted(on connection: Connection) throws -> [Migration] {
        let adoption = Adoption(connection)
        return try adoption.isBegun() ? adoption.migrations(PassportTables(on: connection)) : Schema.migrations
    }

    static func migrator(_ settings: Settings, _ migrations: [Migration] = Schema.migrations) -> Migrator {
        Migrator(
            to: settings.database, migrations: migrations,
            holder: "process \(getpid()) on \(ProcessInfo.processInfo.hostName) (\(Random.alphanumeric(8)))")
    }
}
