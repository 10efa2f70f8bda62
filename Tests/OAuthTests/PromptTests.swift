import HTTP
import OAuth
import Testing

/// The values of `prompt` and `max_age` (OpenID Connect Core §3.1.2.1).
@Suite struct `Prompt and max_age` {
    private func prompt(_ query: String) throws -> Prompt { try Prompt(Parameters(query: query)) }

    /// Every set of the three values that may be combined, in every order of two spellings.
    private static let combinations = (0..<8).flatMap { number -> [(text: String, login: Bool, consent: Bool)] in
        let names = ["login", "consent", "select_account"].enumerated().filter { number & 1 << $0.offset != 0 }
            .map(\.element)
        return [names, names.reversed(), names + names].map {
            (
                $0.joined(separator: "%20"), names.contains("login"),
                names.contains("consent") || names.contains("select_account")
            )
        }
    }

    @Test(arguments: combinations) func `login, consent and select_account may be combined in any order`(
        text: String, login: Bool, consent: Bool
    ) throws {
        let prompt = try prompt("prompt=\(text)")
        #expect(!prompt.isNone && prompt.isLogin == login && prompt.isConsent == consent)
    }

    @Test(arguments: ["none", "%20none%20", "none%20none"]) func `none stands alone`(text: String) throws {
        let prompt = try prompt("prompt=\(text)")
        #expect(prompt.isNone && !prompt.isLogin && !prompt.isConsent)
    }

    @Test(arguments: [
        "none%20login", "login%20none", "none%20consent", "none%20select_account", "none%20login%20consent", "create",
        "Login",
        "NONE", "login,consent", "login%2Cconsent", "x", "login%20x", "none%00", "%C3%A9", "select-account", "0",
        "true", "lo gin",
    ]) func `another value, and none with another value, are an error`(text: String) {
        #expect(throws: (any Error).self) { try prompt("prompt=\(text)") }
    }

    @Test(arguments: [
        ("0", 0), ("1", 1), ("59", 59), ("60", 60), ("3600", 3600), ("007", 7), ("999999999", 999_999_999),
        ("%2030%20", 30),
    ]) func `max_age is a number of seconds`(text: String, seconds: Int) throws {
        #expect(try prompt("max_age=\(text)").maxAge == seconds)
    }

    @Test(arguments: [
        "-1", "1.5", "1e3", "0x10", "%2B1", "1%202", "1000000000", "99999999999999999999", "one", "%D9%A1", "%EF%BC%91",
        "1s", "%2D0",
    ]) func `another max_age is an error`(text: String) {
        #expect(throws: (any Error).self) { try prompt("max_age=\(text)") }
    }

    @Test func `a repeated value is an error, and an absent or empty value is no demand`() throws {
        for query in ["prompt=login&prompt=login", "max_age=1&max_age=1"] {
            #expect(throws: (any Error).self) { try prompt(query) }
        }
        for query in ["", "prompt=&max_age=", "prompt=%20&max_age=%20", "other=login"] {
            let prompt = try prompt(query)
            #expect(!prompt.isNone && !prompt.isLogin && !prompt.isConsent && prompt.maxAge == nil, "\(query)")
        }
    }

    @Test(
        arguments: [
            ("", nil), ("max_age=0", 60), ("max_age=59", 60), ("max_age=61", 61), ("prompt=login", 300),
            ("prompt=login&max_age=10", 60),
            ("prompt=login&max_age=299", 299), ("prompt=login&max_age=301", 300), ("prompt=consent", nil),
            ("prompt=none&max_age=5", 60),
        ] as [(String, Int?)]) func `a decision needs a sign-in of this age, and a person has time to read`(
            query: String, seconds: Int?
        ) throws
    {
        #expect(try prompt(query).ageAtDecision == seconds)
    }
}
