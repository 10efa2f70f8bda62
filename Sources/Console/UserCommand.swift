import ArgumentParser
import AuthorizationServer
import Cryptography
import Foundation
import MariaDB
import Storage

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Create users, set passwords, lift lock-outs.",
        subcommands: [Create.self, Password.self, Unlock.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an account. The password is read from standard input.")

        @Argument(help: "The email address to sign in with.") var email: String
        @Option(help: "The name that other people see. The default is the email address.") var name: String?
        @OptionGroup var source: SettingsSource

        func run() throws {
            guard EmailAddress(email).isValid else { throw ConsoleError("\(email) is no email address.") }
            let name = name ?? email
            guard name.unicodeScalars.count <= 255, DisplayName.isVisible(name), !DisplayName.hasHiddenCharacter(name)
            else {
                throw ConsoleError(
                    "A name has 1 to 255 characters. At least one is visible, and none is invisible.")
            }
            let settings = try source.settings()
            let hash = try NewPassword.read(cost: settings.bcryptRounds, knowing: [name, email, settings.appName])
            do {
                let connection = try source.connection()
                let user = try source.change(.userCreated, on: connection) { change in
                    try UserRepository(connection).create(name: name, email: email, password: hash, in: change)
                }
                print("user_id: \(user.id.rawValue)")
            } catch let error as DatabaseError where error.isDuplicateKey {
                throw ConsoleError("The user \(email) exists already.")
            }
        }
    }

    struct Password: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a password from standard input, and end everything that signed in with the old password.")

        @Argument(help: "The user's email address.") var email: String
        @OptionGroup var source: SettingsSource

        func run() throws {
            let connection = try source.connection()
            let user = try UserCommand.find(email, connection)
            let settings = try source.settings()
            let hash = try NewPassword.read(
                cost: settings.bcryptRounds, knowing: [user.name, user.email, settings.appName])
            let users = UserRepository(connection)
            try source.change(.passwordChanged, user: user.id, on: connection) { change in
                guard try users.change(user, password: hash, in: change) else {
                    throw ConsoleError(
                        "The password of \(email) has just been changed by somebody else: check this, and run the command again."
                    )
                }
            }
            users.endLateSignIns(of: user.id, now: currentTime())
            print("set the password of \(email)")
        }
    }

    struct Unlock: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lift the lock-outs after failed sign-ins.")

        @Argument(help: "The user's email address.") var email: String
        @OptionGroup var source: SettingsSource

        func run() throws {
            let connection = try source.connection()
            let settings = try source.settings()
            guard let key = ApplicationKey(settings.appKey, previous: settings.previousAppKeys) else {
                throw ConsoleError("APP_KEY or APP_PREVIOUS_KEYS cannot be used: `consulate doctor` says why.")
            }
            let count = try SignInThrottle.forget(email: email, in: CacheRepository(connection, key))
            if count > 0 {
                try source.record(.unlocked, user: UserRepository(connection).find(email: email)?.id, on: connection)
            }
            print(count == 0 ? "\(email) was not locked out" : "unlocked \(email)")
        }
    }

    private static func find(_ email: String, _ connection: Connection) throws -> User {
        guard let user = try UserRepository(connection).find(email: email) else {
            throw ConsoleError("The user \(email) does not exist.")
        }
        return user
    }
}
