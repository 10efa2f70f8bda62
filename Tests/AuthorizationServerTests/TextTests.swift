import Storage
import Testing

@testable import AuthorizationServer

/// Text that is equal for MariaDB but not for people, and text that is invisible.
@Suite struct `Text that people see` {
    @Test(arguments: [
        "Ada", "Ada Lovelace", "é", "李", "🦊", "👩‍👩‍👧‍👦 Shop", "🏳️‍🌈", "❤️‍🔥", "👩🏽‍🚀", "می‌خواهم", "क्‍ष", "Ω", "7", "-", "<script>",
    ])
    func `a name has a visible character, and joiners where Persian, Indic and emoji need them`(name: String) {
        #expect(DisplayName.isVisible(name) && !DisplayName.hasHiddenCharacter(name))
    }

    @Test(arguments: [
        "", " ", "\u{3164}", "\u{115f}", "\u{ffa0}", "\u{2800}", "\u{34f}", "\u{fe0f}", "\u{a0}", "\u{2003}",
        "\u{e000}", "\u{301}",
    ])
    func `a name without a visible character is refused`(name: String) {
        #expect(!DisplayName.isVisible(name))
    }

    @Test(arguments: [
        "Ada\u{200b}", "A\u{ad}da", "Ada\u{feff}", "\u{200d}Ada", "Ada\u{200c}", "A \u{200d} B", "1\u{200d}2",
        "A\u{200d}\u{200d}B", "Ada\u{2060}",
        "A\u{200e}B", "A\u{200f}B", "\u{202e}adA", "A\u{2066}B\u{2069}", "A\u{61c}B", "🏴\u{e0067}\u{e007f}",
    ])
    func `format characters and bidi controls in a name are refused`(name: String) {
        #expect(DisplayName.hasHiddenCharacter(name))
    }

    @Test(arguments: [
        "ada@example.com", "josé@example.com", "ada@bücher.example", "ada+shop@a-b.example", "o'hara@example.com",
        "ada@localhost",
    ])
    func `a valid email address may be registered`(email: String) {
        #expect(EmailAddress(email).isValid)
    }

    @Test(arguments: [
        "", "ada", "@example.com", "ada@", "a@b@c", "ada @example.com", "ada@exa mple.com", "ada@example.com\u{200b}",
        "a\u{200d}da@example.com",
        "ada@exam\u{ad}ple.com", "\u{202e}ada@example.com", "<ada@example.com>", "ada,b@example.com", "ada@a..b",
    ])
    func `an email address that is invalid or has a format character is refused`(email: String) {
        #expect(!EmailAddress(email).isValid)
    }

    @Test func `email addresses are compared by code points, without case, and with the domain in ASCII`() {
        #expect(EmailAddress.areEqual("Ada@Example.COM", "ada@example.com"))
        #expect(EmailAddress.areEqual("ada@bücher.example", "ADA@xn--bcher-kva.example"))
        #expect(EmailAddress.areEqual("ada@BÜCHER.example", "ada@bücher.example"))
        for (one, two) in [
            ("josé@a.example", "jose@a.example"), ("jose\u{301}@a.example", "josé@a.example"),
            ("ada@a.example", "ada@a.example "),
            ("ada\u{200b}@a.example", "ada@a.example"), ("ada@a.example\u{ad}", "ada@a.example"),
        ] { #expect(!EmailAddress.areEqual(one, two), "\(one) \(two)") }
    }

    @Test func `a password is hashed in its composed Unicode form`() {
        #expect(User.normalForm(ofPassword: "e\u{301}").utf8.elementsEqual("é".utf8))
        #expect(User.normalForm(ofPassword: "plain") == "plain")
    }

    @Test(arguments: ["12345678", "password1", "aaaaaaaa", "qwertyuiop", "Consulate1"])
    func `one rule refuses weak passwords, and passwords that others could know about the user`(password: String) {
        #expect(User.problem(ofNewPassword: password, knowing: ["Ada", "ada@example.com", "Consulate"]) != nil)
        #expect(User.problem(ofNewPassword: "four unrelated small words", knowing: []) == nil)
    }

    @Test func `a new password has at most 72 bytes, and the length is checked first`() {
        #expect(User.failures(ofNewPassword: String(repeating: "ä", count: 37), knowing: []) == [.tooManyBytes(72)])
        #expect(
            User.failures(ofNewPassword: String(repeating: "a1", count: 30_000), knowing: []) == [.tooManyBytes(72)])
    }
}
