/// The form for a new personal access token.
package struct NewPersonalTokenPage: View {
    let name: Field
    let lifetime: Field
    let lifetimes: [Lifetime]
    let scope: Field
    let scopes: [Choice]
    let hasScopes: Bool

    /// Creates the page from its values.
    package init(
        name: Field, lifetime: Field, lifetimes: [Lifetime], scope: Field, scopes: [Choice], hasScopes: Bool
    ) {
        self.name = name
        self.lifetime = lifetime
        self.lifetimes = lifetimes
        self.scope = scope
        self.scopes = scopes
        self.hasScopes = hasScopes
    }

    /// A lifetime that the token may have.
    package struct Lifetime: Sendable {
        let seconds: Int
        /// The key of the text about the lifetime.
        let label: String
        let count: Int
        let isChosen: Bool

        package init(seconds: Int, isChosen: Bool) {
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
    package struct Choice: Sendable {
        let id: String
        let description: String
        let isChosen: Bool

        /// Creates the page from its values.
        package init(
            id: String, description: String, isChosen: Bool
        ) {
            self.id = id
            self.description = description
            self.isChosen = isChosen
        }
    }

    package static let template = "personal-token-create"
    package static let sample = NewPersonalTokenPage(
        name: .sample, lifetime: .sample, lifetimes: [Lifetime(seconds: 2_592_000, isChosen: true)],
        scope: .sample, scopes: [Choice(id: "place-orders", description: "Place orders", isChosen: true)],
        hasScopes: true)
}

/// The page with a new personal access token, which is shown only once.
package struct PersonalTokenPage: View {
    let name: String
    let accessToken: String
    let expires: Moment

    /// Creates the page from its values.
    package init(
        name: String, accessToken: String, expires: Moment
    ) {
        self.name = name
        self.accessToken = accessToken
        self.expires = expires
    }

    package static let template = "personal-token"
    package static let sample = PersonalTokenPage(name: "Backup", accessToken: "token", expires: .sample)
}
