import Cryptography
import HTTP
import Storage

/// The cookie that shows that a browser has signed in to an account before.
///
/// With this cookie, guesses of other people do not lock the browser out.
///
/// The cookie has a mark for each account: an HMAC over the user and the stored hash of their
/// password. A new password makes the mark invalid.
struct KnownBrowser {
    /// In seconds.
    private static let lifetime = 180 * 86_400
    /// The maximum number of accounts that know one browser.
    private static let most = 5

    private let marks: [String]

    /// Reads the cookie of a request.
    init(_ call: Call) {
        let values = call.request.cookies(call.settings.cookieName("known")).filter { $0.utf8.count <= 512 }
        marks = values.flatMap { $0.split(separator: ".").prefix(Self.most).map(String.init) }
    }

    /// Returns the mark of an account in the cookie, or `nil` if the account does not know the
    /// browser.
    func mark(of user: User, _ application: Application) -> String? {
        let own = application.applicationKey.everyAuthentication(of: Self.text(of: user), for: .knownBrowser).map {
            Base64URL.encode($0)
        }
        return marks.first { mark in own.contains { Digest.areEqual(mark, $0) } }
    }

    /// Adds the mark of an account to the cookie, and keeps the marks of other accounts.
    func add(_ user: User, to response: inout Response, _ application: Application) {
        let mark = Base64URL.encode(application.applicationKey.authenticate(Self.text(of: user), for: .knownBrowser))
        let value = ([mark] + marks.filter { $0 != mark }).prefix(Self.most).joined(separator: ".")
        let settings = application.settings
        response.set(Cookie(settings.cookieName("known"), value, maxAge: Self.lifetime, isSecure: settings.isSecure))
    }

    private static func text(of user: User) -> String {
        "\(user.id.rawValue) \(user.password.text)"
    }
}
