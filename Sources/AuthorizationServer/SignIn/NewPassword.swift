import Storage

extension User {
    /// Returns the failures of a new password.
    ///
    /// `words` are the words that other people know about the user. The form, the API and the
    /// console all use this rule.
    static func failures(ofNewPassword password: String, knowing words: [String]) -> [Failure] {
        guard password.utf8.count <= longestPassword else { return [.tooManyBytes(longestPassword)] }
        var failures: [Failure] = []
        if password.unicodeScalars.count < shortestPassword { failures.append(.tooShort(shortestPassword)) }
        if password.utf8.contains(0) { failures.append(.nul) }
        if CommonPasswords.contain(password, knowing: words) { failures.append(.common) }
        return failures
    }

    /// Returns one sentence about a password that nobody may set, or `nil` if the password is good.
    package static func problem(ofNewPassword password: String, knowing words: [String]) -> String? {
        failures(ofNewPassword: password, knowing: words).first?.message("password")
    }
}
