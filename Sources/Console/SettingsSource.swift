import ArgumentParser
import AuthorizationServer
import Foundation
import MariaDB

/// Where a command finds its settings.
struct SettingsSource: ParsableArguments {
    @Option(name: .customLong("env"), help: ArgumentHelp("Read settings from this file as well.", valueName: "file"))
    var file = ".env"

    @Option(
        help: ArgumentHelp(
            "Share the settings and the keys of the Laravel application in this folder.", valueName: "folder"))
    var laravel: String?

    /// The options that lead to the same settings, for whoever is told what to run.
    var options: String { "--env \(file)" + (laravel.map { " --laravel \($0)" } ?? "") }

    /// The settings of the environment, of the file where the environment says nothing, and of Laravel where neither does.
    func values() throws -> [String: String] {
        let environment = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
        var values =
            try laravel.map { try LaravelApplication(in: URL(filePath: $0), environment: environment).values() } ?? [:]
        values.merge(try Self.read(file, environment) ?? [:]) { _, own in own }
        return values.merging(environment) { _, environment in environment }
    }

    /// What a file says; `nil`: there is none, which is not the same as one that may not be read.
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

    /// The settings, checked.
    func settings() throws -> Settings {
        try Settings(values())
    }

    /// A connection for a command.
    func connection() throws -> Connection {
        Connection(to: try settings().database)
    }

    /// Tells the audit trail what a command did, and who ran it.
    func record(
        _ kind: AuditEvent.Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil,
        on connection: Connection
    ) throws {
        guard try settings().auditRetention > 0 else { return }
        let event = AuditEvent(
            kind, user: user, client: client, token: token, detail: detail, from: "console", requestID: NSUserName(),
            at: currentTime())
        try AuditEventRepository(connection).store(event)
    }
}
