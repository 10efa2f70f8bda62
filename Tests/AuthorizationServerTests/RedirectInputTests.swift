import OAuth
import Testing

@testable import AuthorizationServer

/// Redirect URIs and hosts as people write them into forms and settings.
@Suite struct `Redirect URIs of a form` {
    private func failure(_ redirect: String) -> [Failure] {
        var validation = Validation(try! Parameters(query: "redirect=" + redirect))
        _ = validation.redirect(.redirect, allowing: [])
        return validation.errors.flatMap(\.failures)
    }

    @Test func `a list of redirect URIs reports the error of the first invalid URI`() {
        #expect(failure("https%3A%2F%2Fa.example%2C%20https%3A%2F%2Fb.example").isEmpty)
        #expect(failure("https%3A%2F%2Fa.example%3Fx%3D1%2C2") == [.comma])
        #expect(Failure.comma.message("redirect").contains("write %2C"))
        #expect(failure("myapp%3A%2F%2Fcb") == [.scheme])
        #expect(failure("javascript%3Aalert(1)") == [.redirect])
        let twenty = Array(repeating: "https%3A%2F%2Fa.example", count: 20).joined(separator: "%0A")
        #expect(failure(twenty).isEmpty && failure(twenty + "%0Ahttps%3A%2F%2Fa.example") == [.tooMany(20)])
    }

    @Test(arguments: [
        ("https://id_1.example", true), ("https://[::1]:8443", true), ("http://localhost:8080", true),
        ("https://a.example:65536", false),
        ("https://a,b@c.example", false),
    ])
    func `APP_URL accepts the hosts of RFC 3986 §3.2.2`(url: String, isValid: Bool) {
        #expect(((try? Settings(["APP_URL": url])) != nil) == isValid)
    }

    @Test func `REDIRECT_SCHEMES must not have a scheme that a browser executes`() {
        #expect(throws: SettingsError.self) { try Settings(["REDIRECT_SCHEMES": "myapp javascript"]) }
    }
}
