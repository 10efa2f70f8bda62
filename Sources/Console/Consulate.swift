import ArgumentParser
import AuthorizationServer
import Foundation

/// The command-line program.
@main
struct Consulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consulate",
        abstract:
            "An OAuth 2 authorization server behind nginx, on MariaDB, with Laravel Passport's addresses and tables.",
        discussion: """
            Settings come from the environment and from .env in the current folder; `consulate settings` lists them.
            Every command exits with 0, or with 1 after one line on stderr.
            """,
        version: "consulate 0.1.0",
        subcommands: [
            Serve.self, Migrate.self, Install.self, Adopt.self, Keys.self, ClientCommand.self, UserCommand.self,
            TokenCommand.self, Purge.self,
            RoutesCommand.self, SettingsCommand.self, Doctor.self, Dev.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            guard exitCode(for: error) != .success else {
                print(fullMessage(for: error))
                return
            }
            let message =
                error is CleanExit || "\(type(of: error))" == "CommandError" ? self.message(for: error) : "\(error)"
            let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
            FileHandle.standardError.write(Data("consulate: \(line)\n".utf8))
            Foundation.exit(1)
        }
    }
}

/// The error of a command that cannot do something.
struct ConsoleError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
