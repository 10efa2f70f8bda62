import HTTP

/// A parameter of a route; validation and the reference read the same declaration.
struct Parameter: Sendable {
    /// Where it stands in a request.
    enum Place: String, Sendable {
        case path
        case query
        case body
    }

    /// What it may be.
    enum Kind: Sendable {
        /// A text of so many code points, without control characters.
        case text(maximum: Int)
        case email(maximum: Int)
        /// A password to compare with, of so many bytes.
        case password(maximum: Int)
        /// A password to be set.
        case newPassword
        /// Redirect URIs, with commas or line breaks between them.
        case redirects(maximum: Int)
        /// A name that people see, of so many code points.
        case name(maximum: Int)
        case flag
        /// Ids of scopes that exist, as an array.
        case scopes
        /// Seconds, as many as the settings say.
        case seconds(@Sendable (Settings) -> ClosedRange<Int>)
        /// One of these, as far as they are switched on.
        case choice(@Sendable (Settings) -> [String])
        /// The number of a portion of a list, from 1.
        case portion
        /// A JSON array of texts, as a text.
        case tags
        /// A value that the server has given out, or a text that the protocol defines.
        case opaque
    }

    /// What stands for it in an example.
    enum Sample: Sendable {
        case value(JSON)
        /// A value that an earlier request gave, by the name of a shell variable, and what it may look like.
        case variable(String, like: String)

        /// What it may look like.
        var json: JSON {
            switch self {
            case .value(let value): value
            case .variable(_, let like): .string(like)
            }
        }
    }

    let name: String
    let place: Place
    let kind: Kind
    let isRequired: Bool
    /// One sentence.
    let meaning: String
    /// `nil`: it is not in the example.
    let sample: Sample?

    init(
        _ name: String, in place: Place = .body, _ kind: Kind, isRequired: Bool = true, _ meaning: String,
        _ sample: Sample? = nil
    ) {
        self.name = name
        self.place = place
        self.kind = kind
        self.isRequired = isRequired
        self.meaning = meaning
        self.sample = sample
    }

    /// One that is given out by the server, or defined by the protocol.
    init(_ name: String, in place: Place = .body, isRequired: Bool = true, _ meaning: String, _ sample: Sample? = nil) {
        self.init(name, in: place, .opaque, isRequired: isRequired, meaning, sample)
    }

    /// Whether it has several values.
    var isList: Bool { if case .scopes = kind { true } else { false } }

    /// Whether null is as good as leaving it out; for a flag, a list or a repeated password it is a wrong type, as for Passport.
    var mayBeNull: Bool {
        switch kind {
        case .flag, .scopes, .password: false
        default: !isRequired
        }
    }

    /// How long a text may be, in code points, as MariaDB counts.
    var maximum: Int? {
        switch kind {
        case .text(let maximum), .name(let maximum), .email(let maximum), .redirects(let maximum),
            .password(let maximum):
            maximum
        default: nil
        }
    }

    /// The kind in a word, for people.
    var type: String {
        switch kind {
        case .flag: "boolean"
        case .scopes: "array of strings"
        case .seconds, .portion: "integer"
        default: "string"
        }
    }

    /// What it must keep to, for people.
    func limits(_ settings: Settings) -> String {
        switch kind {
        case .text(let maximum): "at most \(maximum) characters"
        case .name(let maximum): "at most \(maximum) characters, one of them visible"
        case .email(let maximum): "an email address of at most \(maximum) characters"
        case .newPassword: "\(User.shortestPassword) characters to \(User.longestPassword) bytes"
        case .redirects(let maximum):
            "https, an app's own scheme with a dot, or http on a loopback address; no fragment; commas or line breaks between them; at most \(RedirectURI.most) of \(RedirectURI.longest) bytes, \(maximum) characters in all"
        case .seconds(let range): "\(range(settings).lowerBound) to \(range(settings).upperBound)"
        case .choice(let values): values(settings).joined(separator: ", ")
        case .scopes:
            settings.scopes.all.isEmpty ? "none are configured" : settings.scopes.all.map(\.id).joined(separator: ", ")
        case .portion: "1 to 10000"
        case .tags: #"such as ["logins","users"]"#
        case .password(let maximum): "at most \(maximum) bytes"
        case .flag, .opaque: ""
        }
    }
}

// MARK: - What several routes take

extension Parameter {
    static let clientName = Parameter(
        "name", .name(maximum: 191), "The name that people see when they are asked for consent.", .value("Shop"))
    static let redirect = Parameter(
        "redirect", .redirects(maximum: 42_000), "One redirect URI, or several.",
        .value("https://shop.example/callback"))
    static let confidential = Parameter(
        "confidential", .flag, isRequired: false, "Whether it can keep a secret; true, if left out.", .value(true))
    static let tokenName = Parameter("name", .name(maximum: 191), "What the token is for.", .value("Backup"))
    static let personalScopes = Parameter("scopes", .scopes, isRequired: false, "What the token may do.", .value([]))
    /// How many seconds a personal token may live.
    static let lifetimes: @Sendable (Settings) -> ClosedRange<Int> = { 1...$0.personalTokenLifetime }
    static let lifetime = Parameter(
        "expires_in", .seconds(lifetimes), isRequired: false,
        "Seconds that the token lives; the longest, if left out.",
        .value(86_400))
    static let userName = Parameter("name", .name(maximum: 255), "The name that others see.", .value("Ada"))
    static let newEmail = Parameter(
        "email", .email(maximum: 255), "The address to sign in with.", .variable("NEW_EMAIL", like: "grace@example.com")
    )
    static let signInEmail = Parameter(
        "email", .text(maximum: 255), "The address to sign in with.", .variable("EMAIL", like: "ada@example.com"))
    static let password = Parameter(
        "password", .password(maximum: 4096), "The password.", .variable("PASSWORD", like: "four unrelated small words")
    )
    static let newPassword = Parameter(
        "password", .newPassword, "The password to be.", .value("another handful of words"))
    static let confirmation = Parameter(
        "password_confirmation", .password(maximum: 4096), isRequired: false, "The same again, if it is sent.")
    static let currentPassword = Parameter(
        "current_password", .password(maximum: 4096), "The password until now.",
        .variable("PASSWORD", like: "four unrelated small words"))
    static let page = Parameter(
        "page", in: .query, .portion, isRequired: false, "Which thousand entries; the first, if left out.")
    static let userToFind = Parameter(
        "name", in: .query, .text(maximum: 255), "The name of the user; it may stand in a body instead.",
        .variable("NAME", like: "Ada"))
    static let clientID = Parameter(
        "client_id", in: .path, "The id of one's own client.",
        .variable("CLIENT_ID", like: "9d2c6a4e-6f1b-4f0e-9f0a-0b6f3f1c2d3e"))
    static let authToken = Parameter(
        "auth_token", "What `GET /oauth/authorize` gave, good for one decision in the same session.",
        .variable("AUTH_TOKEN", like: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
}
