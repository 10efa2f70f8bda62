/// The form for a new personal access token.
struct NewPersonalTokenPage: View {
    let name: Field
    let lifetime: Field
    let lifetimes: [Lifetime]
    let scope: Field
    let scopes: [Choice]
    let hasScopes: Bool

    /// A lifetime that the token may have.
    struct Lifetime: Sendable {
        let seconds: Int
        /// The key of the text about the lifetime.
        let label: String
        let count: Int
        let isChosen: Bool

        init(seconds: Int, isChosen: Bool) {
            self.seconds = seconds
            self.isChosen = isChosen
            (label, count) =
                switch seconds {
                case 172_800...: ("lifetime.days", seconds / 86_400)
                case 7200...: ("lifetime.hours", seconds / 3600)
                default: ("lifetime.minutes", seconds / 60)
                }
        }
    }

    /// A scope that the token may have.
    struct Choice: Sendable {
        let id: String
        let description: String
        let isChosen: Bool
    }

    static let template = "personal-token-create"
    static let sample = NewPersonalTokenPage(
        name: .sample, lifetime: .sample, lifetimes: [Lifetime(seconds: 2_592_000, isChosen: true)],
        scope: .sample, scopes: [Choice(id: "place-orders", description: "Place orders", isChosen: true)],
        hasScopes: true)
}

/// The page with a new personal access token, which is shown only once.
struct PersonalTokenPage: View {
    let name: String
    let accessToken: String
    let expires: Moment

    static let template = "personal-token"
    static let sample = PersonalTokenPage(name: "Backup", accessToken: "token", expires: .sample)
}
