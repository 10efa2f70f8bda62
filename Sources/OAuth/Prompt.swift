/// The parameters `prompt` and `max_age`: whether and how the user is asked (OpenID Connect Core
/// §3.1.2.1).
package struct Prompt {
    package let isNone: Bool
    package let isLogin: Bool
    /// Whether the request asks for the consent page, with `consent` or `select_account`.
    ///
    /// The page shows the account that answers, and lets the user switch to another account. So the
    /// page also serves `select_account`.
    package let isConsent: Bool
    /// The maximum seconds since the sign-in.
    package let maxAge: Int?

    package init(_ parameters: Parameters) throws(OAuthError) {
        let values = Set((try parameters.oauthText("prompt") ?? "").split(separator: " ").map(String.init))
        guard values.isSubset(of: ["none", "login", "consent", "select_account"]),
            !values.contains("none") || values.count == 1
        else {
            throw .invalidRequest("prompt", "prompt is none, or login, consent and select_account.")
        }
        isNone = values.contains("none")
        isLogin = values.contains("login")
        isConsent = !values.isDisjoint(with: ["consent", "select_account"])
        maxAge = try parameters.oauthText("max_age").map { text throws(OAuthError) in
            guard text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int(text)
            else {
                throw .invalidRequest("max_age", "max_age is a number of seconds.")
            }
            return seconds
        }
    }

    /// The seconds that a sign-in for `prompt=login` counts.
    ///
    /// They are enough to read a consent page.
    private static let loginPatience = 300
    /// The minimum seconds that `max_age` leaves for a consent page.
    ///
    /// Without this minimum, nobody could ever answer a request with `max_age=0`.
    private static let shortestAge = 60

    /// The maximum age of the sign-in when the user decides, in seconds, or `nil` for any age.
    package var ageAtDecision: Int? {
        [maxAge.map { max($0, Self.shortestAge) }, isLogin ? Self.loginPatience : nil].compactMap(\.self).min()
    }

    /// Returns whether a user who signed in `age` seconds ago must sign in again.
    ///
    /// A sign-in for this same request counts for `ageAtDecision` seconds.
    package func demandsSignIn(age: Int, isForThisRequest: Bool) -> Bool {
        if isForThisRequest, let ageAtDecision, age <= ageAtDecision { return false }
        return isLogin || maxAge.map { age > $0 } ?? false
    }
}
