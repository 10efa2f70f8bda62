import HTTP
import HTTPTypes
import OAuth

/// The parameters and the answers of a route.
///
/// The reference, the Postman collection and the OpenAPI document are created from these facts.
struct Endpoint: Sendable {
    /// The credential in an example, if the access of the route implies another credential.
    enum Credential: Sendable {
        case none
        /// The cookie of a signed-in browser, and the CSRF token for unsafe methods.
        case session
        /// The cookie of a browser that is not signed in, and the CSRF token for unsafe methods.
        case guest
        /// A token from `POST /api/login`.
        case firstPartyBearer
        /// The access token of any user.
        case bearer
        /// The id and the secret of a client, in HTTP Basic authentication.
        case client
    }

    /// The format of the body in an example.
    enum BodyType: String, Sendable {
        case json = "application/json"
        case form = "application/x-www-form-urlencoded"
    }

    /// Another example of the same route, with its own body.
    struct Variant: Sendable {
        let title: String
        let body: [(name: String, sample: Input.Sample)]
        /// The prefix of the variables of the client that authenticates: `MACHINE_` for
        /// `MACHINE_CLIENT_ID`.
        let client: String
        /// Whether the settings enable the variant.
        var isOffered: @Sendable (Settings) -> Bool = { _ in true }
    }

    /// A successful answer of a route.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let meaning: String
        /// The body with these settings.
        ///
        /// The body is `nil` if there is none or if it is not JSON.
        let body: @Sendable (Settings) -> JSON?
        let type: String?
        /// The header fields of the answer.
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

        /// Returns the redirect of a browser that must sign in first.
        static func toSignIn(_ status: HTTPResponse.Status) -> Answer {
            Answer(status, "A browser without a session continues to `/login`.")
        }

        /// The redirect of a browser after a form of the account.
        static let back = Answer(.seeOther, "A browser returns to `/account`.")
    }

    /// A failure of a route, and the condition for it.
    struct Refusal: Sendable {
        let error: any Error & Sendable
        let meaning: String

        /// The failure of a request with an invalid number for a portion of a list.
        static let noPortion = Refusal(
            .unprocessable([(Input.page.name, [.notNumber(Portion.numbers)])]),
            "`page` is not a number, or it is too large.")

        init(_ error: HTTPError, _ meaning: String) {
            self.error = error
            self.meaning = meaning
        }

        init(_ error: OAuthError, _ meaning: String) {
            self.error = error
            self.meaning = meaning
        }
    }

    /// The description of the route, in a few sentences.
    let text: String
    let parameters: [Input]
    let credential: Credential?
    let bodyType: BodyType
    let variants: [Variant]
    let answers: [Answer]
    let refusals: [Refusal]
    /// Whether the route is answered without the database.
    let isFixed: Bool
    /// Whether only nginx calls the route.
    ///
    /// A route that only nginx calls has no example to run.
    let isInternal: Bool

    init(
        _ text: String, takes parameters: [Input] = [], as bodyType: BodyType = .json,
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
    /// The credential that an example shows.
    var credential: Endpoint.Credential {
        if let credential = endpoint.credential { return credential }
        switch access {
        case .anyone: return .none
        case .guest(let signsIn): return signsIn ? .guest : .session
        case .client: return .client
        case .session: return .session
        case .management: return .firstPartyBearer
        case .bearer: return .bearer
        }
    }

    /// Whether a request to the route changes something.
    var isUnsafe: Bool { !method.isSafe }

    /// Returns the examples of the route: the route itself, and its enabled variants.
    ///
    /// Returns no examples if only nginx calls the route.
    func examples(_ settings: Settings) -> [Endpoint.Variant?] {
        endpoint.isInternal ? [] : [nil] + endpoint.variants.filter { $0.isOffered(settings) }
    }

    /// A sentence that says who may call the route.
    var callers: String {
        if endpoint.isInternal {
            return "For nginx only, which passes the caller's `Authorization`. From outside the answer is 404."
        }
        return switch (access, credential) {
        case (.client, _):
            "For a client that authenticates by Basic or in the body. A public client sends only its `client_id`."
        case (.guest(signsIn: true), _):
            "For anybody with the cookie and the CSRF token of the page's own `GET`."
        case (.guest(signsIn: false), _): "For anybody with the session's cookie and its CSRF token."
        case (.anyone, _): "For anybody."
        case (.session, _) where isUnsafe: "For a browser that is signed in: the session's cookie and its CSRF token."
        case (.session, _): "For a browser that is signed in: the session's cookie."
        case (.management, _):
            "For a token of `POST /api/login`, for a session, or for the cookie `laravel_token`; a cookie needs the CSRF token."
        case (.bearer, _): "For any user's access token, or for the cookie `laravel_token` with the CSRF token."
        }
    }

    /// Every success, and the redirect of a browser that must sign in first.
    var answers: [Endpoint.Answer] {
        endpoint.answers
            + (access == .session || access == .management ? [.toSignIn(isUnsafe ? .seeOther : .found)] : [])
    }

    /// Every documented failure of the route.
    ///
    /// Some failures belong to the route itself. The other failures follow from its access and from
    /// its parameters.
    var refusals: [Endpoint.Refusal] { endpoint.refusals + refusalsOfAccess + refusalsOfBody + refusalsOfDatabase }

    private var refusalsOfAccess: [Endpoint.Refusal] {
        var refusals: [Endpoint.Refusal] = []
        switch access {
        case .anyone, .guest, .client: return []
        case .session: refusals = [.init(.unauthorized, "Nobody is signed in.")]
        case .management:
            refusals = [
                .init(.bearer(nil), "The credential is missing or not valid."),
                .init(.insufficientScope(), "The bearer token is not one of `POST /api/login`."),
            ]
        case .bearer: return [.init(.bearer(nil), "The bearer token is missing or not valid.")]
        }
        if isUnsafe { refusals.append(.init(.csrfTokenMismatch, "The CSRF token of the session is missing.")) }
        return refusals
    }

    /// The failures of a body that cannot be read.
    ///
    /// They apply to every route that looks for fields, or for the CSRF token of a form.
    private var refusalsOfBody: [Endpoint.Refusal] {
        let readsBody =
            endpoint.parameters.contains { $0.place == .body } || access == .session || access == .management
            || credential == .session
        guard isUnsafe, readsBody else { return [] }
        return [
            .init(.notJSON, "The body cannot be read, or has more than 200 fields."),
            .init(.payloadTooLarge, "The body is too large."),
            .init(.unsupportedMediaType, "The body is neither JSON nor a form, or it is compressed."),
        ]
    }

    private var refusalsOfDatabase: [Endpoint.Refusal] {
        endpoint.isFixed
            ? []
            : [
                .init(
                    .unavailable(retryAfter: 5),
                    "The database is away, or the server is busy. Try again after `Retry-After` seconds.")
            ]
    }
}
