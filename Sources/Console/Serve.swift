import ArgumentParser
import AuthorizationServer
import Cryptography
import FastCGI
import Foundation
import Logging
import MariaDB

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer nginx, until SIGTERM.",
        discussion: "Listens where LISTEN says. SIGTERM and SIGINT finish what is in hand and exit with 0 within GRACE_TIME.")

    @OptionGroup var source: SettingsSource

    func run() throws {
        let settings = try source.settings()
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let workers = settings.workers ?? cores + 4
        let logger = StandardErrorLog.logger(settings)
        let hashing = PasswordHashing(cores: cores, limit: workers - 2, cost: settings.bcryptRounds)
        let application = try Application(
            settings: settings, keys: KeyFiles(settings).load(), hashing: hashing, logger: logger, clock: currentTime)
        try checkSchema(settings, logger)
        let responder = try Responder(listeningAt: settings.listen, bodyLimit: settings.bodyLimit, graceTime: settings.graceTime)
        logger.info("serving", metadata: ["listen": "\(settings.listen)", "workers": "\(workers)", "issuer": "\(settings.issuer)"])
        responder.run(workers: workers) {
            let worker = Worker(Connection(to: settings.database))
            return { application.respond(to: $0, on: worker) }
        }
        logger.info("ended")
    }

    /// A database that is away is waited for by answering 503; one that lacks tables is not.
    private func checkSchema(_ settings: Settings, _ logger: Logger) throws {
        do {
            let pending = try Migrate.migrator(settings).pending()
            guard pending.isEmpty else {
                throw ConsoleError("The database lacks \(pending.count) migrations: run `consulate migrate`.")
            }
        } catch let error as DatabaseError {
            guard error.isTemporary else { throw ConsoleError("The database cannot be used: \(error).") }
            logger.warning("the database is away", metadata: ["error": "\(error)"])
        }
    }
}
