/// The passwords that attackers try first (NIST SP 800-63B §5.1.1.2).
///
/// Passwords need not follow rules of composition.
enum CommonPasswords {
    private static let words = Set(
        (EmbeddedFiles.all.first { $0.name == "common-passwords.txt" }?.text ?? "").split(separator: "\n").map(
            String.init))

    /// Returns whether a password is easy to guess.
    ///
    /// These passwords are easy to guess: a common password in any spelling, one repeated
    /// character, a walk over the keyboard, and the words that others know about the user.
    static func contain(_ password: String, knowing known: [String] = []) -> Bool {
        let plain = password.lowercased()
        let word = stripped(plain)
        let spellings = [plain, word, String(word.map(unmasked)), stripped(String(plain.map(unmasked)))]
        if spellings.contains(where: words.contains) { return true }
        if Set(plain).count <= 2 || isWalk(plain) { return true }
        let familiar = known.flatMap { $0.lowercased().split { !$0.isLetter && !$0.isNumber } + [$0.lowercased()[...]] }
            .filter { $0.count >= 3 }
        return familiar.contains { $0 == plain || $0 == word }
    }

    /// Removes the digits and marks that people put around a word.
    private static func stripped(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, !last.isLetter { text.removeLast() }
        while let first = text.first, !first.isLetter { text.removeFirst() }
        return String(text)
    }

    private static func unmasked(_ character: Character) -> Character {
        ["@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"][character]
            ?? character
    }

    private static let walks = [
        "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm",
        "1qaz2wsx3edc4rfv5tgb",
        "1q2w3e4r5t6y7u8i9o0p",
    ]

    private static func isWalk(_ text: String) -> Bool {
        walks.contains { walk in
            let there = walk + walk
            return there.contains(text) || String(there.reversed()).contains(text)
        }
    }
}
