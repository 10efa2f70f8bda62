import HTTP
import OAuth
import Testing

/// The data of a request beyond plain OAuth.
@Suite struct `What was agreed` {
    private func requested(_ query: String) throws -> Authorization? {
        let parameters = try Parameters(query: query)
        return try Authorization(parameters, Prompt(parameters))
    }

    @Test(arguments: [
        "", "response_type=code&client_id=7&state=s&scope=a", "prompt=none", "prompt=consent", "nonce=n", "max_age=",
    ]) func `a request of plain OAuth has none`(query: String) throws {
        #expect(try requested(query) == nil)
    }

    @Test(arguments: [("max_age=600", 600), ("max_age=0", 60), ("prompt=login", 300)])
    func `the age of the sign-in survives storage`(query: String, age: Int) throws {
        let authorization = try #require(try requested(query))
        #expect(authorization.maxAge == age)
        #expect(Authorization(stored: authorization.stored) == authorization)
        #expect(authorization.stored == #"{"max_age":\#(age)}"#)
    }

    @Test func `the stored text has at most 4096 bytes`() throws {
        let room = Authorization.longest - #"{"a":""}"#.utf8.count
        let longest: JSON = ["a": .string(String(repeating: "x", count: room))]
        #expect(try Authorization(longest)?.stored.utf8.count == 4096)
        let longer: JSON = ["a": .string(String(repeating: "x", count: room + 1))]
        #expect { try Authorization(longer) } throws: { ($0 as? OAuthError)?.code == .invalidRequest }
        // An escaped character counts with all its bytes.
        let escaped: JSON = ["a": .string(String(repeating: "\u{1}", count: room / 6 + 1))]
        #expect(throws: OAuthError.self) { try Authorization(escaped) }
    }

    @Test(arguments: ["", "7", "[]", "null", "{", #"{"a":1}{}"#]) func `another text is no authorization`(
        text: String
    ) {
        #expect(Authorization(stored: text) == nil)
    }
}
