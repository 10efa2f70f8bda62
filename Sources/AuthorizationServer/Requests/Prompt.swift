import MariaDB

/// Whether and how the user is to be asked: `prompt` and `max_age` (OpenID Connect Core §3.1.2.1).
struct Prompt {
    let isNone: Bool
    let isLogin: Bool
    /// The page shows as whom one answers, and lets one change that, so it serves `select_account` too.
    let isConsent: Bool
    /// Seconds since the user signed in.
    let maxAge: Int?

    init(_ parameters: Parameters) throws(OAuthError) {
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

    /// How long a sign-in for `prompt=login` counts, in seconds: long enough to read a consent
    /// page.
    private static let loginPatience = 300
    /// The least that `max_age` leaves for a consent page, in seconds: without it `max_age=0` could
    /// never be answered.
    private static let shortestAge = 60

    /// Seconds that the sign-in may be old when the user decides; `nil`: any.
    var ageAtDecision: Int? {
        [maxAge.map { max($0, Self.shortestAge) }, isLogin ? Self.loginPatience : nil].compactMap(\.self).min()
    }

    /// Whether somebody who is signed in must show again who they are.
    ///
    /// A sign-in for this very request counts for a while.
    func demandsSignIn(of session: Session, for address: ReturnAddress?, now: Timestamp) -> Bool {
        if let address, session.signedInFor == address.digest, let ageAtDecision,
            now <= session.createdAt + ageAtDecision
        {
            return false
        }
        return isLogin || maxAge.map { now > session.createdAt + $0 } ?? false
    }
}
