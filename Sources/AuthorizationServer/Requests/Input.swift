import HTTP
import OAuth
import Storage

/// A parameter of a route.
///
/// The validation and the reference read the same declaration.
struct Input: Sendable {
    /// The place of a parameter in a request.
    enum Place: String, Sendable {
        case path
        case query
        case body
    }

    /// The kind of value that a parameter may have.
    enum Kind: Sendable {
        /// A text of at most `maximum` code points, without control characters.
        case text(maximum: Int)
        case email(maximum: Int)
        /// A password for comparison, of at most `maximum` bytes.
        case password(maximum: Int)
        /// A new password.
        case newPassword
        /// Redirect URIs, separated by commas or line breaks.
        case redirects(maximum: Int)
        /// A name that people see, of at most `maximum` code points.
        case name(maximum: Int)
        case flag
        /// An array of ids of scopes that exist.
        case scopes
        /// A number of seconds within the range of the settings.
        case seconds(@Sendable (Settings) -> ClosedRange<Int>)
        /// One of these values, if the settings enable it.
        case choice(@Sendable (Settings) -> [String])
        /// The number of a portion of a list, counted from 1.
        case portion
        /// A text that contains a JSON array of texts.
        case tags
        /// A value that the server issued, or a text that the protocol defines.
        case opaque
    }

    /// The value of a parameter in an example.
    enum Sample: Sendable {
        case value(JSON)
        /// A value from an earlier request: the name of a shell variable, and a possible value.
        case variable(String, like: String)

        /// A possible value.
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
    /// The meaning of the parameter, in one sentence.
    let meaning: String
    /// The sample, or `nil` if the parameter is not in the example.
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

    /// Creates a parameter with a value that the server issues or that the protocol defines.
    init(_ name: String, in place: Place = .body, isRequired: Bool = true, _ meaning: String, _ sample: Sample? = nil) {
        self.init(name, in: place, .opaque, isRequired: isRequired, meaning, sample)
    }

    /// Whether the parameter has several values.
    var isList: Bool { if case .scopes = kind { true } else { false } }

    /// Whether null means the same as an absent parameter.
    ///
    /// For a flag, a list or a repeated password, null is a wrong type, as in Passport.
    var mayBeNull: Bool {
        switch kind {
        case .flag, .scopes, .password: false
        default: !isRequired
        }
    }

    /// The maximum length of a text, in code points, as MariaDB counts.
    var maximum: Int? {
        switch kind {
        case .text(let maximum), .name(let maximum), .email(let maximum), .redirects(let maximum),
            .password(let maximum):
            maximum
        default: nil
        }
    }

    /// The name of the kind, for people.
    var type: String {
        switch kind {
        case .flag: "boolean"
        case .scopes: "array of strings"
        case .seconds, .portion: "integer"
        default: "string"
        }
    }

    /// Returns the limits of the value, for people.
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

// MARK: - Parameters of several routes

extension Input {
    static let clientName = Input(
        "name", .name(maximum: 191), "The name that people see when they are asked for consent.", .value("Shop"))
    static let redirect = Input(
        "redirect", .redirects(maximum: 42_000), "One redirect URI, or several.",
        .value("https://shop.example/callback"))
    static let confidential = Input(
        "confidential", .flag, isRequired: false, "Whether it can keep a secret; true, if left out.", .value(true))
    static let tokenName = Input("name", .name(maximum: 191), "What the token is for.", .value("Backup"))
    static let personalScopes = Input("scopes", .scopes, isRequired: false, "What the token may do.", .value([]))
    /// The permitted lifetimes of a personal access token, in seconds.
    static let lifetimes: @Sendable (Settings) -> ClosedRange<Int> = { 1...$0.personalTokenLifetime }
    static let lifetime = Input(
        "expires_in", .seconds(lifetimes), isRequired: false,
        "Seconds that the token lives; the longest, if left out.",
        .value(86_400))
    static let userName = Input("name", .name(maximum: 255), "The name that others see.", .value("Ada"))
    static let newEmail = Input(
        "email", .email(maximum: 255), "The address to sign in with.", .variable("NEW_EMAIL", like: "grace@example.com")
    )
    static let signInEmail = Input(
        "email", .text(maximum: 255), "The address to sign in with.", .variable("EMAIL", like: "ada@example.com"))
    static let password = Input(
        "password", .password(maximum: 4096), "The password.", .variable("PASSWORD", like: "four unrelated small words")
    )
    static let newPassword = Input(
        "password", .newPassword, "The password to be.", .value("another handful of words"))
    static let confirmation = Input(
        "password_confirmation", .password(maximum: 4096), isRequired: false, "The same again, if it is sent.")
    static let currentPassword = Input(
        "current_password", .password(maximum: 4096), "The password until now.",
        .variable("PASSWORD", like: "four unrelated small words"))
    static let page = Input(
        "page", in: .query, .portion, isRequired: false, "Which thousand entries; the first, if left out.")
    static let userToFind = Input(
        "name", in: .query, .text(maximum: 255), "The name of the user; it may stand in a body instead.",
        .variable("NAME", like: "Ada"))
    static let clientID = Input(
        "client_id", in: .path, "The id of one's own client.",
        .variable("CLIENT_ID", like: "9d2c6a4e-6f1b-4f0e-9f0a-0b6f3f1c2d3e"))
    static let authToken = Input(
        "auth_token", "What `GET /oauth/authorize` gave, good for one decision in the same session.",
        .variable("AUTH_TOKEN", like: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
    /// The parameter `scope` of a token request (RFC 6749 §3.3).
    static let scope = Input("scope", isRequired: false, "Scope ids with spaces between them.")
}
