import ArgumentParser
import AuthorizationServer
import Foundation
import MariaDB
import Storage

struct Adopt: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move in with a Laravel Passport: use its tables, beside it.",
        discussion: """
            Adds nullable columns, indexes, tables, views and a client, while Laravel continues to work. After an interruption, run it again.
            For example: consulate adopt --laravel /var/www/shop --dry-run
            """)

    @Flag(help: "Print the statements, and run none of them.")
    var dryRun = false

    @Flag(help: "Remove everything that was added. Tokens and clients that were created since then stay.")
    var undo = false

    @Flag(help: "Continue although users have a second factor (Laravel Fortify). They cannot sign in here.")
    var refuseSecondFactors = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        let settings = try source.settings()
        let connection = Connection(to: settings.database.patient)
        undo ? try takeAway(on: connection) : try moveIn(settings, on: connection)
    }

    private func moveIn(_ settings: Settings, on connection: Connection) throws {
        let adoption = Adoption(connection)
        let tables = try PassportTables(on: connection)
        guard try adoption.isBegun() || adoption.isDue() else {
            throw ConsoleError("Consulate made these tables itself: run `consulate migrate`.")
        }
        try adoption.checkNames(tables)
        if let folder = source.laravel {
            try LaravelApplication(in: URL(filePath: folder), environment: ProcessInfo.processInfo.environment)
                .checkTimeZone()
        }
        let problems = try AdoptionExamination(settings, source, tables, on: connection).findings().compactMap {
            finding in
            // Each problem is one line, so that no part of it looks like a statement of the dry
            // run.
            (finding.problem ?? finding.note).map { "\(finding.subject): \($0)".replacing(#/\s+/#, with: " ") }
        }
        guard !dryRun else {
            for line in ["found \(tables)"] + problems { print("-- \(line)") }
            return try show(pending(adoption, tables, settings), on: connection)
        }
        try Self.begin(tables, refusingSecondFactors: refuseSecondFactors, on: connection)
        try Migrate.apply(settings, adoption.migrations(tables))
        for problem in problems { print(problem) }
        print("serve with: consulate serve \(source.options)")
    }

    /// Returns the statements that adoption would run, except the statements that record what has
    /// run.
    private func pending(_ adoption: Adoption, _ tables: PassportTables, _ settings: Settings) throws -> [String] {
        let isKnown = try adoption.passport() == tables.passport
        let all = try adoption.migrations(tables)
        let migrations = isKnown ? try Migrate.migrator(settings, all).pending() : all
        return (try adoption.isBegun() ? [] : [Adoption.record.text])
            + migrations.map(\.text).filter { $0 != PassportTables.nothing }
    }

    /// Prints the tables that were found, and records that Consulate moves in.
    static func begin(_ tables: PassportTables, refusingSecondFactors: Bool = false, on connection: Connection) throws {
        print("found \(tables)")
        let adoption = Adoption(connection)
        if try !refusingSecondFactors && !adoption.isBegun() {
            let count = try SecondFactorRepository(connection).count()
            guard count == 0 else {
                throw ConsoleError(
                    "\(count) of the users have a second factor (Laravel Fortify), and could not sign in here: run `consulate adopt --refuse-second-factors` to accept that."
                )
            }
        }
        try adoption.begin(tables, now: currentTime())
    }

    private func takeAway(on connection: Connection) throws {
        guard !dryRun else { return try show(Adoption(connection).undoing().map(\.text), on: connection) }
        do {
            try Adoption(connection).undo(wait: { usleep(200_000) }) { try show([$0.text], on: connection) }
        } catch let error as DatabaseError {
            throw ConsoleError("`adopt --undo` is not finished: \(error). Mend that, and run it again.")
        }
        print("Laravel's tables have the columns that they had")
    }

    private func show(_ statements: [String], on connection: Connection) throws {
        for statement in statements {
            print(
                connection.text(of: Migration(name: "", text: statement)).trimmingCharacters(
                    in: .whitespacesAndNewlines) + ";")
        }
    }
}
