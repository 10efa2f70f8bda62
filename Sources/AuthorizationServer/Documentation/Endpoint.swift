import HTTP
import HTTPTypes

/// What a route takes and answers: the facts that the reference, the collection and the OpenAPI document are made from.
struct Endpoint: Sendable {
    /// What an example shows, where it differs from what the route's access says.
    enum Credential: Sendable {
        case none
        /// The cookie of a browser that is signed in, and for unsafe methods the CSRF token.
        case session
        /// The cookie of a browser that is not, and for unsafe methods the CSRF token.
        case guest
        /// A token of `POST /api/login`.
        case firstPartyBearer
        /// Any user's access token.
        case bearer
        /// Id and secret of a client, by Basic.
        case client
    }

    /// How an example writes the body.
    enum BodyType: String, Sendable {
        case json = "application/json"
        case form = "application/x-www-form-urlencoded"
    }

    /// Another example of the same route: a body of its own.
    struct Variant: Sendable {
        let title: String
        let body: [(name: String, sample: Parameter.Sample)]
        /// Which client shows who it is: the prefix of its variables, `MACHINE_` for `MACHINE_CLIENT_ID`.
        let client: String
        /// Whether it is switched on.
        let isOffered: @Sendable (Settings) -> Bool
    }

    /// One success.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let meaning: String
        /// The body with these settings; `nil`: none, or one that is no JSON.
        let body: @Sendable (Settings) -> JSON?
        let type: String?
        /// The header fields that go with it.
        let fields: [HTTPField.Name]

        init(
            _ status: HTTPResponse.Status, _ meaning: String, _ body: JSON? = nil, type: String? = nil,
            fields: [HTTPField.Name] = []
        ) {
            self.status = status
            self.fields = status.kind == .redirection ? [.location] : fields
            self.meaning = meaning
            self.body = { _ in body }
            self.type = type ?? (body == nil ? nil : "application/json")
        }

        init(_ status: HTTPResponse.Status, _ meaning: String, from document: @escaping @Sendable (Settings) -> JSON) {
            self.status = status
            self.meaning = meaning
            body = document
            type = "application/json"
            fields = []
        }

        /// Where a browser goes first that must sign in.
        static func toSignIn(_ status: HTTPResponse.Status) -> Answer {
            Answer(status, "A browser that is not signed in is sent to `/login`.")
        }

        /// Where a form of the account leads a browser.
        static let back = Answer(.seeOther, "A browser goes back to `/account`.")
    }

    /// One failure, and when it happens.
    struct Refusal: Sendable {
        let error: any Error & Sendable
        let meaning: String

        /// For a list of which a request names a portion.
        static let noPortion = Refusal(
            .unprocessable([(Parameter.page.name, [.notNumber(Portion.numbers)])]),
            "`page` is no number that a list may have.")

        init(_ error: HTTPError, _ meaning: String) {
            self.error = error
            self.meaning = meaning
        }

        init(_ error: OAuthError, _ meaning: String) {
            self.error = error
            self.meaning = meaning
        }
    }

    /// A few sentences.
    let text: String
    let parameters: [Parameter]
    let credential: Credential?
    let bodyType: BodyType
    let variants: [Variant]
    let answers: [Answer]
    let refusals: [Refusal]
    /// It is answered without the database.
    let isFixed: Bool
    /// nginx alone calls it, so that there is no example to run.
    let isInternal: Bool

    init(
        _ text: String, takes parameters: [Parameter] = [], as bodyType: BodyType = .json,
        with credential: Credential? = nil,
        variants: [Variant] = [], answers: [Answer], refuses refusals: [Refusal] = [], isFixed: Bool = false,
        isInternal: Bool = false
    ) {
        self.text = text
        self.parameters = parameters
        self.bodyType = bodyType
        self.credential = credential
        self.variants = variants
        self.answers = answers
        self.refusals = refusals
        self.isFixed = isFixed
        self.isInternal = isInternal
    }
}

extension Route {
    /// What an example shows.
    var credential: Endpoint.Credential {
        if let credential = endpoint.credential { return credential }
        switch access {
        case .anyone: return .none
        case .session: return .session
        case .management: return .firstPartyBearer
        case .bearer: return .bearer
        }
    }

    /// Whether something is changed.
    var isUnsafe: Bool { !method.isSafe }

    /// What there is an example of: the route, and its variants that are switched on; nothing where nginx alone calls it.
    func examples(_ settings: Settings) -> [Endpoint.Variant?] {
        endpoint.isInternal ? [] : [nil] + endpoint.variants.filter { $0.isOffered(settings) }
    }

    /// Who may call, in a sentence.
    var callers: String {
        if endpoint.isInternal {
            return "For nginx alone, which hands over the caller's `Authorization`; from outside it is 404."
        }
        return switch (access, credential) {
        case (.anyone, .client):
            "For a client, which shows who it is by Basic or in the body; a public one by its `client_id` alone."
        case (.anyone, .guest) where isUnsafe:
            "For anybody, with the cookie and the CSRF token that the page's own `GET` gives."
        case (.anyone, .session) where isUnsafe: "For anybody, with the session's cookie and its CSRF token."
        case (.anyone, _): "For anybody."
        case (.session, _) where isUnsafe: "For a browser that is signed in: the session's cookie and its CSRF token."
        case (.session, _): "For a browser that is signed in: the session's cookie."
        case (.management, _):
            "For a token of `POST /api/login`, for a session, or for the cookie `laravel_token`; cookies go with the CSRF token."
        case (.bearer, _): "For any user's access token, or for the cookie `laravel_token` with the CSRF token."
        }
    }

    /// Every success, and where a browser is sent that must sign in first.
    var answers: [Endpoint.Answer] {
        endpoint.answers
            + (access == .session || access == .management ? [.toSignIn(isUnsafe ? .seeOther : .found)] : [])
    }

    /// Every failure that is documented: the route's own, and those that follow from who may call it and from what it takes.
    var refusals: [Endpoint.Refusal] { endpoint.refusals + refusalsOfAccess + refusalsOfBody + refusalsOfDatabase }

    private var refusalsOfAccess: [Endpoint.Refusal] {
        var refusals: [Endpoint.Refusal] = []
        switch access {
        case .anyone: return []
        case .session: refusals = [.init(.unauthorized, "Nobody is signed in.")]
        case .management:
            refusals = [
                .init(.bearer(nil), "There is no credential, or it is worth nothing."),
                .init(.insufficientScope(), "The bearer token is not one of `POST /api/login`."),
            ]
        case .bearer: return [.init(.bearer(nil), "There is no bearer token, or it is worth nothing.")]
        }
        if isUnsafe { refusals.append(.init(.csrfTokenMismatch, "A session was used without its CSRF token.")) }
        return refusals
    }

    /// Whatever looks for fields, or for the CSRF token of a form, must be able to read the body.
    private var refusalsOfBody: [Endpoint.Refusal] {
        let readsBody =
            endpoint.parameters.contains { $0.place == .body } || access == .session || access == .management
            || credential == .session
        guard isUnsafe, readsBody else { return [] }
        return [
            .init(.notJSON, "The body cannot be read, or has more than 200 fields."),
            .init(.payloadTooLarge, "The body is larger than the server takes."),
            .init(.unsupportedMediaType, "The body is neither JSON nor a form, or it is compressed."),
        ]
    }

    private var refusalsOfDatabase: [Endpoint.Refusal] {
        endpoint.isFixed
            ? []
            : [
                .init(
                    .unavailable(retryAfter: 5),
                    "The database is away, or the server busy; try again after `Retry-After` seconds.")
            ]
    }
}
