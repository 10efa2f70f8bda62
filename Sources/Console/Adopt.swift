import ArgumentParser
import AuthorizationServer
import Foundation
import MariaDB

struct Adopt: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move in with a Laravel Passport: on its tables, beside it.",
        discussion: """
            Adds nullable columns, indexes, tables and views of its own while Laravel goes on; what was interrupted goes on when it is run again.
            For example: consulate adopt --laravel /var/www/shop --dry-run
            """)

    @Flag(help: "Print the statements, and run none of them.")
    var dryRun = false

    @Flag(help: "Take away what was added, so that Laravel's tables are as they were.")
    var undo = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        let settings = try source.settings()
        let connection = Connection(to: settings.database.patient)
        undo ? try takeAway(settings, on: connection) : try moveIn(settings, on: connection)
    }

    private func moveIn(_ settings: Settings, on connection: Connection) throws {
        let adoption = Adoption(connection)
        guard let tables = try PassportTables(on: connection) else {
            throw ConsoleError("There are no tables of Laravel Passport here: check DB_DATABASE and DB_PREFIX, or run `consulate install`.")
        }
        guard try adoption.isBegun() || adoption.isDue() else {
            throw ConsoleError("Consulate made these tables itself: run `consulate migrate`.")
        }
        guard !dryRun else {
            let isBegun = try adoption.isBegun()
            let pending = try Migrate.migrator(settings, tables.migrations).pending().map(\.text).filter { $0 != PassportTables.nothing }
            return show((isBegun ? [] : [Adoption.record.text.description]) + pending, settings)
        }
        try Self.begin(on: connection)
        try Migrate.apply(settings, on: connection)
        for owner in try adoption.foreignOwners(tables) { print("clients of \(owner) have no owner here: Consulate knows users alone") }
        for provider in try adoption.foreignProviders(tables) {
            print("clients of the provider \(provider) stay Passport's: their users are in another table")
        }
        let missing = try adoption.grantedScopes(now: currentTime()).filter { !settings.scopes.contains($0) }
        if !missing.isEmpty { print("set SCOPES: live tokens have \(missing.joined(separator: ", ")), which it lacks") }
        print("serve with: consulate serve \(source.options)")
    }

    /// Says what was found, and notes that Consulate moves in.
    static func begin(on connection: Connection) throws {
        guard let tables = try PassportTables(on: connection) else { return }
        print("found Laravel Passport \(tables.passport): client ids are \(tables.clientKey.rawValue), user ids \(tables.userKey.rawValue)")
        try Adoption(connection).begin(tables, now: currentTime())
    }

    private func takeAway(_ settings: Settings, on connection: Connection) throws {
        guard !dryRun else { return show(Adoption.undoing.map { $0.text.description }, settings) }
        try Adoption(connection).undo(wait: { usleep(200_000) }) { show([$0.text.description], settings) }
        print("Laravel's tables are as they were")
    }

    private func show(_ statements: [String], _ settings: Settings) {
        for statement in statements {
            print(settings.database.naming(tablesIn: statement).trimmingCharacters(in: .whitespacesAndNewlines) + ";")
        }
    }
}
