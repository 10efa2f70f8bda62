import ArgumentParser
import AuthorizationServer
import Foundation
import MariaDB

struct Adopt: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move in with a Laravel Passport: on its tables, beside it.",
        discussion: """
            Adds nullable columns, indexes, tables, views and a client of its own while Laravel goes on; what was interrupted goes on when it is run again.
            For example: consulate adopt --laravel /var/www/shop --dry-run
            """)

    @Flag(help: "Print the statements, and run none of them.")
    var dryRun = false

    @Flag(help: "Take away what was added; tokens and clients that were made meanwhile stay.")
    var undo = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        let settings = try source.settings()
        let connection = Connection(to: settings.database.patient)
        undo ? try takeAway(settings, on: connection) : try moveIn(settings, on: connection)
    }

    private func moveIn(_ settings: Settings, on connection: Connection) throws {
        let adoption = Adoption(connection)
        let tables = try PassportTables(on: connection)
        guard try adoption.isBegun() || adoption.isDue() else {
            throw ConsoleError("Consulate made these tables itself: run `consulate migrate`.")
        }
        try adoption.checkNames(tables)
        if let folder = source.laravel {
            try LaravelApplication(in: URL(filePath: folder), environment: ProcessInfo.processInfo.environment).checkTimeZone()
        }
        let problems = try AdoptionExamination(settings, source, tables, on: connection).findings().compactMap { finding in
            // One line each, so that none of it is taken for a statement of the dry run.
            (finding.problem ?? finding.note).map { "\(finding.subject): \($0)".replacing(#/\s+/#, with: " ") }
        }
        guard !dryRun else {
            for line in ["found \(tables)"] + problems { print("-- \(line)") }
            return show(try pending(adoption, tables, settings), settings)
        }
        try Self.begin(tables, on: connection)
        try Migrate.apply(settings, tables.migrations)
        for problem in problems { print(problem) }
        print("serve with: consulate serve \(source.options)")
    }

    /// What moving in would run, but for the notes of what has run.
    private func pending(_ adoption: Adoption, _ tables: PassportTables, _ settings: Settings) throws -> [String] {
        let isKnown = try adoption.passport() == tables.passport
        let migrations = isKnown ? try Migrate.migrator(settings, tables.migrations).pending() : tables.migrations
        return (try adoption.isBegun() ? [] : [Adoption.record.text.description]) + migrations.map(\.text).filter { $0 != PassportTables.nothing }
    }

    /// Says what was found, and notes that Consulate moves in.
    static func begin(_ tables: PassportTables, on connection: Connection) throws {
        print("found \(tables)")
        try Adoption(connection).begin(tables, now: currentTime())
    }

    private func takeAway(_ settings: Settings, on connection: Connection) throws {
        guard !dryRun else { return show(try Adoption(connection).undoing().map(\.text), settings) }
        do {
            try Adoption(connection).undo(wait: { usleep(200_000) }) { show([$0.text], settings) }
        } catch let error as DatabaseError {
            throw ConsoleError("The way back is not finished: \(error). Mend that, and run it again.")
        }
        print("Laravel's tables have the columns that they had")
    }

    private func show(_ statements: [String], _ settings: Settings) {
        for statement in statements {
            print(settings.database.naming(tablesIn: statement).trimmingCharacters(in: .whitespacesAndNewlines) + ";")
        }
    }
}
