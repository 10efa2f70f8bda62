import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import Storage

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Revoke tokens.", subcommands: [Revoke.self])

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke an access token and its refresh token.")

        @Argument(help: "The token, or its id (`jti`).") var token: String
        @OptionGroup var source: SettingsSource

        func run() throws {
            let id = JSONWebSignature(compact: token).flatMap { JSON(parsing: $0.payload)?["jti"]?.text } ?? token
            let connection = try source.connection()
            try source.change(.tokenRevoked, token: AccessToken.ID(id), on: connection) { change in
                guard try AccessTokenRepository(connection).revoke(AccessToken.ID(id), in: change) else {
                    throw ConsoleError("There is no such token.")
                }
            }
            print("revoked \(id)")
        }
    }
}
