import CArgon2
import CCrypt

/// A stored hash of a password: `$2y$`, `$2b$`, `$2a$`, `$argon2id$` or `$argon2i$`.
package struct PasswordHash: Sendable, Equatable {
    package let text: String

    /// Creates a hash from its stored text.
    package init(_ text: String) {
        self.text = text
    }

    /// Whether the text has the form of a password hash, and not of a plain secret.
    package var isRecognized: Bool {
        ["$2y$", "$2b$", "$2a$", "$argon2id$", "$argon2i$"].contains(where: text.hasPrefix)
    }

    /// Hashes a password with bcrypt, as Laravel does.
    ///
    /// The cost is the binary logarithm of the rounds. bcrypt stops at NUL and at 72 bytes, so
    /// passwords with a NUL or with more than 72 bytes must be refused before this call.
    package static func bcrypt(_ password: String, cost: Int) -> PasswordHash {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        // The 22nd character of a salt carries only two bits.
        let salt = String(
            (0..<21).map { _ in alphabet[Int.random(in: 0..<64, using: &generator)] } + [
                alphabet[Int.random(in: 0..<4, using: &generator) * 16]
            ])
        let setting = "$2y$\(cost < 10 ? "0" : "")\(cost)$\(salt)"
        return PasswordHash(crypt(password, setting) ?? "*")
    }

    /// Returns whether this is the hash of the password.
    package func verifies(_ password: String) -> Bool {
        guard !password.utf8.contains(0) else { return false }
        if text.hasPrefix("$argon2id$") {
            return unsafe argon2id_verify(text, password, password.utf8.count) == ARGON2_OK.rawValue
        }
        if text.hasPrefix("$argon2i$") {
            return unsafe argon2i_verify(text, password, password.utf8.count) == ARGON2_OK.rawValue
        }
        guard isRecognized, let computed = Self.crypt(password, text) else { return false }
        return Digest.areEqual(computed, text)
    }

    /// Returns whether a bcrypt hash was created with fewer rounds than the cost requires today.
    package func needsRehash(cost: Int) -> Bool {
        guard text.hasPrefix("$2"), let stored = Int(text.dropFirst(4).prefix(2)) else { return false }
        return stored < cost
    }

    /// The limit of bcrypt itself, in bytes.
    ///
    /// bcrypt ignores the bytes after the limit.
    private static let longest = 72

    private static func crypt(_ password: String, _ setting: String) -> String? {
        let password = password.utf8.prefix(longest).map { CChar(bitPattern: $0) } + [0]
        let state = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        defer { unsafe state.deallocate() }
        unsafe state.initialize(to: crypt_data())
        guard let result = unsafe crypt_r(password, setting, state) else { return nil }
        let text = unsafe String(cString: result)
        return text.hasPrefix("*") ? nil : text
    }
}
