import ArgumentParser
import AuthorizationServer
import Cryptography
import FastCGI
import Foundation
import Logging
import MariaDB
import Storage

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer nginx until SIGTERM.",
        discussion:
            "Listens at LISTEN. After SIGTERM or SIGINT it finishes the requests that it has begun, and exits with 0 within GRACE_TIME."
    )

    @OptionGroup var source: SettingsSource

    func run() throws {
        Self.holdStandardDescriptors()
        let settings = try source.settings()
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let workers = settings.workers ?? cores + 4
        let logger = StandardErrorLog.logger(settings)
        let hashing = PasswordHashing(cores: cores, limit: workers - 2, cost: settings.bcryptRounds)
        let application = try Application(
            settings: settings, keys: KeyFiles.load(settings), hashing: hashing, logger: logger, clock: currentTime)
        try checkTables(settings, logger)
        let responder = try Responder(
            listeningAt: settings.listen, bodyLimit: Routes.largestBody, graceTime: settings.graceTime)
        logger.info(
            "serving",
            metadata: [
                "listen": "\(settings.listen)", "workers": "\(workers)", "issuer": "\(settings.issuer)",
                "keys": "\(application.keysInUse)",
            ])
        try recordStart(of: application, logger)
        responder.run(workers: workers) {
            let worker = Worker(Connection(to: settings.database))
            return { application.respond(to: $0, on: worker) }
        }
        logger.info("ended")
    }

    /// Protects the log: opens closed standard descriptors and ignores SIGPIPE.
    ///
    /// A connection must not become descriptor 2, because the log is written there. A log that
    /// somebody has closed must not end the process.
    private static func holdStandardDescriptors() {
        signal(SIGPIPE, SIG_IGN)
        while case let descriptor = unsafe open("/dev/null", O_RDWR), descriptor >= 0 {
            guard descriptor > STDERR_FILENO else { continue }
            close(descriptor)
            return
        }
    }

    /// Checks whether the database has all tables.
    ///
    /// If the database is away, the server starts and answers 503 until the database is back. If
    /// tables are missing, the server does not start.
    private func checkTables(_ settings: Settings, _ logger: Logger) throws {
        let database = Connection(to: settings.database)
        do {
            let pending = try Migrate.migrator(settings).pending()
            guard pending.isEmpty else {
                let command = try Adoption(database).isDue() ? "adopt" : "migrate"
                throw ConsoleError("The database lacks \(pending.count) migrations: run `consulate \(command)`.")
            }
        } catch let error as DatabaseError {
            guard error.isTemporary else { throw ConsoleError("The database cannot be used: \(error).") }
            logger.warning("the database is away", metadata: ["error": "\(error)"])
        }
        try checkSubjects(settings, database)
    }

    /// Checks that a client's id cannot be taken for a user's id.
    ///
    /// If users are numbered, MariaDB and PHP read a client's id as a number too: `9a7d…` as 9.
    private func checkSubjects(_ settings: Settings, _ database: Connection) throws {
        guard settings.hasBareClientSubjects else { return }
        do {
            guard try PassportTables(on: database).userKey != .integer else {
                throw ConsoleError(
                    "CLIENT_SUBJECT=bare could make a client look like a user, because users have numbers here: remove it."
                )
            }
        } catch let error as DatabaseError {
            throw ConsoleError(
                "CLIENT_SUBJECT=bare must look at the ids of users, but the database is away: \(error).")
        }
    }

    /// Records which keys are in use from now on, regardless of who put them there.
    private func recordStart(of application: Application, _ logger: Logger) throws {
        do {
            try source.record(.started, detail: application.keysInUse, on: source.connection())
        } catch let error as DatabaseError {
            logger.warning("the audit trail could not be told of the start", metadata: ["error": "\(error)"])
        }
    }
}
