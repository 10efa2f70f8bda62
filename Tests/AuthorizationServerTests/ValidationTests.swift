import HTTP
import OAuth
import Testing

@testable import AuthorizationServer

/// The checks of fields: what each field accepts, what it reads, and how it refuses the rest.
@Suite struct `Fields` {
    /// Reads a JSON body with one field.
    ///
    /// Returns the value and the sentence of the first failure.
    private func read<Value>(
        _ parameter: Input, _ value: JSON?, _ check: (inout Validation) -> Value
    ) throws -> (value: Value, failure: String?) {
        let body: JSON = .object(value.map { [JSON.Member(name: parameter.name, value: $0)] } ?? [])
        var request = Request(method: .post, path: "/", body: body.bytes)
        request.fields[.contentType] = "application/json"
        var validation = Validation(try Parameters(bodyOf: request))
        let value = check(&validation)
        return (value, validation.errors.first?.failures.first?.message(parameter.name))
    }

    private static let texts: [(JSON, String)] = [
        ("Ada", "Ada"), (" Ada ", "Ada"), ("\tAda\n", "Ada"), ("李", "李"), ("a b", "a b"), ("<b>", "<b>"),
        ("'; DROP TABLE users", "'; DROP TABLE users"),
        (.string(String(repeating: "x", count: 191)), String(repeating: "x", count: 191)),
    ]

    @Test(arguments: texts) func `a text loses the white space around it`(value: JSON, text: String) throws {
        let read = try read(.clientName, value) { $0.text(.clientName) }
        #expect(read.failure == nil && read.value == text)
    }

    @Test(
        arguments: [
            (nil, "The name field is required."), (.null, "The name field is required."),
            ("", "The name field is required."),
            ("  ", "The name field is required."), ([], "The name field must be a string."),
            (["a"], "The name field must be a string."),
            (["a": 1], "The name field must be a string."),
            (.string(String(repeating: "x", count: 192)), "The name field must not be greater than 191 characters."),
            ("a\u{0}b", "The name field must not contain control characters."),
            ("a\u{7}b", "The name field must not contain control characters."),
            ("a\nb", "The name field must not contain control characters."),
            ("a\u{7f}", "The name field must not contain control characters."),
            ("\u{3164}", "The name field must have a visible character."),
            ("\u{2800}\u{2800}", "The name field must have a visible character."),
            ("A\u{202e}da", "The name field must not contain characters that nobody sees."),
            (.bool(false), "The name field is required."),
        ] as [(JSON?, String)]) func `a name that people cannot read is refused`(value: JSON?, sentence: String) throws
    {
        #expect(try read(.clientName, value) { $0.name(.clientName) }.failure == sentence)
    }

    @Test(arguments: [
        String(repeating: "x", count: 255), "A\u{202e}da", "\u{3164}", " Ada ", "a\u{7}b", "Ada",
    ])
    func `a name that stays as it was is not checked again`(name: String) throws {
        let kept = try read(.clientName, .string(name)) { $0.name(.clientName, keeping: name) }
        #expect(kept.failure == nil && kept.value == name)
        let other = try read(.clientName, .string(name + "\u{7}")) { $0.name(.clientName, keeping: name) }
        #expect(other.failure != nil)
    }

    @Test(arguments: [(12, "12"), (.number(1.5), "1.5"), (.bool(true), "1"), (0, "0"), (-7, "-7")] as [(JSON, String)])
    func `a name may be a number or true, as in Passport`(value: JSON, text: String) throws {
        let read = try read(.clientName, value) { $0.name(.clientName) }
        #expect(read.failure == nil && read.value == text)
    }

    @Test(
        arguments: [
            (.bool(true), true), (.bool(false), false), (1, true), (0, false), ("1", true), ("0", false),
            ("true", true), ("false", false), (nil, true),
        ] as [(JSON?, Bool)]) func `a flag is true or false, as JSON or as text`(value: JSON?, flag: Bool) throws
    {
        let read = try read(.confidential, value) { $0.flag(.confidential, default: true) }
        #expect(read.failure == nil && read.value == flag)
    }

    @Test(
        arguments: ["yes", "no", "TRUE", "on", "", 2, -1, .number(0.5), .null, [], [1], ["a": 1], "01", " 1"] as [JSON])
    func `another value of a flag is refused`(value: JSON) throws {
        let read = try read(.confidential, value) { $0.flag(.confidential, default: true) }
        #expect(read.failure == "The confidential field must be true or false.")
    }

    @Test(
        arguments: [(nil, 100), (.null, 100), ("", 100), (1, 1), (100, 100), ("1", 1), ("99", 99), ("007", 7)]
            as [(JSON?, Int)])
    func `a number of seconds is read from a number or from digits`(value: JSON?, seconds: Int) throws {
        let read = try read(.lifetime, value) { $0.seconds(.lifetime, in: 1...100) }
        #expect(read.failure == nil && read.value == seconds)
    }

    @Test(
        arguments: [
            0, -1, 101, "0", "101", "-1", "1.0", "1e1", "+1", " 1", "1 ", "١", "x", .number(1.5), .bool(true),
            [], [1], ["a": 1],
            "99999999999999999999", "0x1",
        ] as [JSON]) func `another number of seconds is refused`(value: JSON) throws
    {
        let read = try read(.lifetime, value) { $0.seconds(.lifetime, in: 1...100) }
        #expect(read.failure == "The expires_in field must be a whole number between 1 and 100.", "\(value.compact)")
    }

    private static let catalogue = try! ScopeCatalogue("read Read; write Write", defaults: "")

    @Test(
        arguments: [
            (nil, []), ([], []), (["read"], ["read"]), (["write", "read"], ["write", "read"]),
            (["read", "read"], ["read"]),
        ] as [(JSON?, [String])])
    func `a list of scopes has scopes that exist`(value: JSON?, ids: [String]) throws {
        let read = try read(.personalScopes, value) { $0.scopes(.personalScopes, of: Self.catalogue) }
        #expect(read.failure == nil && read.value == ids)
    }

    @Test(
        arguments: [
            "read", .null, 1, .bool(true), ["a": "read"], ["nope"], ["read", "nope"], [1], [["read"]], [.null],
            ["Read"], ["*"], [""],
        ] as [JSON])
    func `another list of scopes is refused`(value: JSON) throws {
        #expect(
            try read(.personalScopes, value) { $0.scopes(.personalScopes, of: Self.catalogue) }.failure != nil,
            "\(value.compact)")
    }

    @Test(arguments: ["ada@example.com", " ada@example.com ", "josé@bücher.example", "a@b"] as [JSON])
    func `an email address is accepted`(value: JSON) throws {
        #expect(try read(.newEmail, value) { $0.email(.newEmail) }.failure == nil)
    }

    @Test(
        arguments: [
            "ada", "@", "a@", "@b", "a b@c", "a@b c", "a@b@c", "<a@b>", "a@b\u{200b}", "a\u{ad}@b",
            .string("a@" + String(repeating: "b", count: 254)),
        ] as [JSON])
    func `another email address is refused`(value: JSON) throws {
        #expect(try read(.newEmail, value) { $0.email(.newEmail) }.failure != nil, "\(value.compact)")
    }

    @Test(
        arguments: [
            ("short", true), ("1234567", true), ("four unrelated words", false), ("pässwörter sind lang", false),
            ("password", true), ("12345678", true),
            ("aaaaaaaa", true), ("qwertyuiop", true), (.string(String(repeating: "xy z", count: 18)), false),
            (.string(String(repeating: "xy z", count: 19)), true),
            ("four\u{0}unrelated words", true), ("", true), (.null, true), (12_345_678, true),
            (["four unrelated words"], true), ("Consulate2026!", true),
        ] as [(JSON, Bool)]) func `a new password is long enough, short enough for bcrypt, and not common`(
            value: JSON, isRefused: Bool
        ) throws
    {
        let read = try read(.newPassword, value) { $0.newPassword(.newPassword, knowing: ["Consulate"]) }
        #expect((read.failure != nil) == isRefused, "\(read.failure ?? "accepted")")
    }

    @Test(
        arguments: [
            ("https://a.example/cb", "https://a.example/cb"), (" https://a.example/cb ", "https://a.example/cb"),
            ("https://a.example/a,https://a.example/b", "https://a.example/a,https://a.example/b"),
            ("https://a.example/a\nhttps://a.example/b", "https://a.example/a,https://a.example/b"),
            ("https://a.example/a, https://a.example/b", "https://a.example/a,https://a.example/b"),
        ] as [(JSON, String)]) func `redirect URIs stand between commas or line breaks`(value: JSON, stored: String)
        throws
    {
        let read = try read(.redirect, value) { $0.redirect(.redirect, allowing: []) }
        #expect(read.failure == nil && read.value == stored, "\(read.value) \(read.failure ?? "")")
    }

    @Test(
        arguments: [
            nil, "", ",", "\n", "nonsense", "https://a.example/#f", "http://a.example", "myapp://cb",
            "javascript:alert(1)", ["https://a.example"], 1,
            .string((1...21).map { "https://a.example/\($0)" }.joined(separator: ",")),
            .string("https://a.example/" + String(repeating: "x", count: 1983)),
        ] as [JSON?]) func `other redirect URIs are refused`(value: JSON?) throws
    {
        #expect(
            try read(.redirect, value) { $0.redirect(.redirect, allowing: []) }.failure != nil,
            "\(value?.compact ?? "nothing")")
    }
}
