import ArgumentParser
import AuthorizationServer
import Foundation
import MariaDB
import Storage

/// The sources of a command's settings.
struct SettingsSource: ParsableArguments {
    @Option(name: .customLong("env"), help: ArgumentHelp("Read settings from this file as well.", valueName: "file"))
    var file = ".env"

    @Option(
        help: ArgumentHelp(
            "Share the settings and the keys of the Laravel application in this folder.", valueName: "folder"))
    var laravel: String?

    /// The options that lead to the same settings, for a user who is told to run another command.
    var options: String { "--env \(file)" + (laravel.map { " --laravel \($0)" } ?? "") }

    /// Returns the settings of the environment, of the file, and of Laravel.
    ///
    /// The environment comes first, then the file, then Laravel.
    func values() throws -> [String: String] {
        let environment = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
        var values =
            try laravel.map { try LaravelApplication(in: URL(filePath: $0), environment: environment).values() } ?? [:]
        values.merge(try Self.read(file, environment) ?? [:]) { _, own in own }
        return values.merging(environment) { _, environment in environment }
    }

    /// Returns the values of a file, or `nil` if the file does not exist.
    ///
    /// Throws a sentence if the file exists and may not be read.
    static func read(_ file: String, _ environment: [String: String]) throws -> [String: String]? {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch CocoaError.fileReadNoSuchFile {
            return nil
        } catch {
            throw ConsoleError("\(file) cannot be read: its owner or mode does not let \(NSUserName()) do so.")
        }
        return try DotEnv(String(decoding: data, as: UTF8.self), environment: environment).values
    }

    /// Returns the checked settings.
    func settings() throws -> Settings {
        try Settings(values())
    }

    /// Returns a connection for a command.
    func connection() throws -> Connection {
        Connection(to: try settings().database)
    }

    /// Changes the database and reports in the audit trail what a command did and who ran it.
    @discardableResult
    func change<Result>(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil, on connection: Connection, _ body: (Change) throws -> Result
    ) throws -> Result {
        let event = event(kind, user: user, client: client, token: token, detail: detail)
        return try Change.report(event, on: connection, isStored: settings().auditRetention > 0, body).result
    }

    /// Reports an event that changes nothing in the database.
    func record(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil,
        on connection: Connection
    ) throws {
        guard try settings().auditRetention > 0 else { return }
        try AuditEventRepository(connection).store(
            event(kind, user: user, client: client, token: token, detail: detail))
    }

    private func event(
        _ kind: AuditEvent.Kind, user: User.ID?, client: Client.ID?, token: AccessToken.ID?, detail: String?
    ) -> AuditEvent {
        AuditEvent(
            kind, user: user, client: client, token: token, detail: detail, from: "console", requestID: NSUserName(),
            at: currentTime())
    }
}
