import AuthorizationServer
import Cryptography
import Foundation
import Storage

/// A password that a user types, or pipes into the command.
enum NewPassword {
    /// Reads a line without showing it on a terminal, and hashes it.
    static func read(cost: Int, knowing words: [String]) throws -> PasswordHash {
        let password: String
        if isatty(STDIN_FILENO) == 1 {
            guard let typed = unsafe getpass("Password: ") else { throw ConsoleError("No password was given.") }
            password = unsafe String(cString: typed)
        } else {
            password = readLine() ?? ""
        }
        let normalForm = User.normalForm(ofPassword: password)
        if let problem = User.problem(ofNewPassword: normalForm, knowing: words) { throw ConsoleError(problem) }
        return .bcrypt(normalForm, cost: cost)
    }
}
