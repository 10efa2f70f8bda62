import AuthorizationServer
import Cryptography
import Foundation

/// A password that somebody types, or pipes in.
enum NewPassword {
    /// Reads a line, without showing it on a terminal, and hashes it.
    static func read(cost: Int) throws -> PasswordHash {
        let password: String
        if isatty(STDIN_FILENO) == 1 {
            guard let typed = unsafe getpass("Password: ") else { throw ConsoleError("No password was given.") }
            password = unsafe String(cString: typed)
        } else {
            password = readLine() ?? ""
        }
        guard User.canHave(password: password) else {
            throw ConsoleError("A password has \(User.shortestPassword) characters to \(User.longestPassword) bytes.")
        }
        return .bcrypt(password, cost: cost)
    }
}
