import HTTP
import HTTPTypes
import OAuth
import Storage

extension Endpoint {
    static let authorize = Endpoint(
        """
        Asks the user for consent (RFC 6749 §4.1.1, RFC 7636). A browser gets the sign-in page, then the consent page. A script gets the data for a page of its own. \
        If there is nothing to ask, the client gets the answer at once. An unknown client and a wrong redirect URI are answered here. Every other error is sent to the redirect URI, with `error`, `state` and `iss`: `invalid_request`, `unauthorized_client`, `unsupported_response_type`, `invalid_scope`, `access_denied`, \
        `login_required` and `consent_required`.
        """,
        takes: [
            .init(
                "response_type", in: .query, .choice({ $0.allowsImplicitGrant ? ["code", "token"] : ["code"] }),
                "The kind of answer; `token` works only if the implicit grant is on.", .value("code")),
            .init(
                "client_id", in: .query, "The client.",
                .variable("CLIENT_ID", like: "9d2c6a4e-6f1b-4f0e-9f0a-0b6f3f1c2d3e")),
            .init(
                "redirect_uri", in: .query, isRequired: false,
                "One of the client's redirect URIs. It is optional if the client has only one.",
                .value("https://shop.example/callback")),
            .init(
                "scope", in: .query, isRequired: false,
                "Scope ids with spaces between them. Without it, the request gets the default scopes."),
            .init("state", in: .query, isRequired: false, "Comes back unchanged.", .value("af0ifjsldkj")),
            .init(
                "code_challenge", in: .query, isRequired: false,
                "The S256 challenge of PKCE; public clients must send it.",
                .value("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")),
            .init(
                "code_challenge_method", in: .query, .choice({ _ in ["S256"] }), isRequired: false,
                "The method of the challenge. Send it together with the challenge.",
                .value("S256")),
            .init(
                "prompt", in: .query, isRequired: false,
                "`none`: the user is not asked; the answer is `login_required` or `consent_required` where a question would be necessary. Or one or several of: `login`, the user signs in again; `consent` and `select_account`, the page is shown also if access was granted before."
            ),
            .init(
                "max_age", in: .query, .seconds({ _ in 0...999_999_999 }), isRequired: false,
                "Seconds after which a user who has signed in must sign in again. A script then gets `login_required`, as with `login`."
            ),
            .init("login_hint", in: .query, isRequired: false, "The email address to sign in with."),
            .init("ui_locales", in: .query, isRequired: false, "The user's languages, the preferred language first."),
        ],
        with: .session,
        answers: [
            .init(
                .ok, "For a script: the question, and the token of the decision. For a browser: the consent page.",
                [
                    "client": [
                        "id": .string(Client.sample.id.rawValue), "name": .string(Client.sample.name),
                        "redirect_uri": .string(Client.sample.redirect),
                    ], "scopes": [Scope.sample.json], "auth_token": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                ]),
            .init(.found, "To the redirect URI, with a code or an error."), .toSignIn(.found),
        ],
        refuses: [
            .init(
                OAuthError.invalidRequest("client_id", "There is no such client."),
                "The client or the redirect URI is unknown."),
            .init(HTTPError.unauthorized, "Nobody is signed in."),
        ])

    static let approve = Endpoint(
        "Sends the client a code. The same decision within ten seconds gets the same answer.",
        takes: [.authToken], as: .form,
        answers: [
            .init(
                .ok, "For a script.",
                ["redirect_to": "https://shop.example/callback?code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj&iss=…"]),
            .init(.seeOther, "A browser is sent to the redirect URI."),
        ], refuses: [decided, wrongToken])

    static let deny = Endpoint(
        "Tells the client that the user said no.", takes: [.authToken], as: .form,
        answers: [
            .init(
                .ok, "For a script.",
                ["redirect_to": "https://shop.example/callback?error=access_denied&state=af0ifjsldkj&iss=…"]),
            .init(.seeOther, "A browser is sent to the redirect URI."),
        ], refuses: [decided, wrongToken])

    private static let decided = Refusal(
        HTTPError.answered, "The `auth_token` is missing, expired, of another session, or has the other decision.")
    private static let wrongToken = Refusal(
        OAuthError.invalidRequest("auth_token"), "The `auth_token` came twice or is not text.")

    static let issueToken = Endpoint(
        """
        Exchanges a grant for an access token (RFC 6749 §4.1.3, §4.4, §6). \(Grants.all.map { "`\($0.type.rawValue)`\($0.takes)" }.joined(separator: "; ")). \
        The client authenticates by Basic, or by `client_id` and `client_secret` in the body. A public client sends only `client_id`.
        """,
        takes: [
            .init(
                "grant_type", .choice({ settings in Grants.offered(by: settings).map(\.type.rawValue) }),
                "The kind of grant.",
                .value("authorization_code")),
            .init("client_id", isRequired: false, "The client, unless it uses Basic."),
            .init("client_secret", isRequired: false, "Its secret, unless it uses Basic or has none."),
        ] + Grants.inputs, as: .form,
        variants: Grants.all.compactMap(\.offeredExample),
        answers: [.init(.ok, "The token; `client_credentials` gets no refresh token.", sampleOfTokens)],
        refuses: [
            .init(OAuthError.invalidRequest("grant_type"), "A parameter is missing, came twice, or is not text."),
            .init(OAuthError.invalidClient, "The client is unknown, or its secret is wrong or missing."),
            .init(
                OAuthError.invalidGrant("The authorization code is invalid."),
                "The code or refresh token is unknown, used, expired, or belongs to another client."),
            .init(
                OAuthError(.unauthorizedClient, "The client is not allowed to use this grant type."),
                "This grant is not one of the client's grants."),
            .init(
                OAuthError(
                    .unsupportedGrantType, "The authorization grant type is not supported by the authorization server."),
                "The grant does not exist, or it is off."),
            .init(OAuthError.invalidScope("nope"), "A scope does not exist, or was not granted."),
            .init(HTTPError.tooManyAttempts(retryAfter: 1), "Too many requests came from one address."),
        ])

    static let sampleOfTokens = JSON(parsing: TokenResponse.sample.response.body)
}
