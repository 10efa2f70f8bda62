package import HTTP
package import HTTPTypes

/// All addresses of this server.
///
/// Start reading here.
package enum Routes {
    /// The table of routes.
    ///
    /// The first columns are method, path, name, access and action. The other columns are for the
    /// API reference: the description, the group and the title.
    // swift-format-ignore
    package static let all = [
        Route(.delete, "/_debugbar/cache/{key}/{tags?}", "debugbar.cache.delete", .anyone, CacheController.delete, .forgetCacheKey, "Author Api", "Forget a cache key", mayEndInSlash: false, precondition: CacheController.checkSwitch),

        Route(.get,    "/oauth/authorize", "authorizations.authorize", .anyone,  AuthorizationController.authorize,      .authorize,  "Author Api", "Authorize a client to access the user's account.", errors: .oauth, failsIfEmpty: true),
        Route(.post,   "/oauth/authorize", "authorizations.approve",   .session, ApproveAuthorizationController.approve, .approve,    "Author Api", "Approve the authorization request.", errors: .oauth),
        Route(.delete, "/oauth/authorize", "authorizations.deny",      .session, DenyAuthorizationController.deny,       .deny,       "Author Api", "Deny the authorization request.", errors: .oauth),
        Route(.post,   "/oauth/token",     "token",                    .client,  AccessTokenController.issueToken,       .issueToken, "Author Api", "Authorize a client to access the user's account.", errors: .document, origins: .configured, precondition: AccessTokenController.checkGrant),

        Route(.get,    "/oauth/tokens",                            "tokens.index",            .management, AuthorizedAccessTokenController.forUser, .tokens,                "Author Api", "Get all of the authorized tokens for the authenticated user."),
        Route(.delete, "/oauth/tokens/{token_id}",                 "tokens.destroy",          .management, AuthorizedAccessTokenController.destroy, .destroyToken,          "Author Api", "Delete the given token."),
        Route(.post,   "/oauth/token/refresh",                     "token.refresh",           .session,    TransientTokenController.refresh,        .refreshTransientToken, "Author Api", "Get a fresh transient token cookie for the authenticated user."),
        Route(.get,    "/oauth/clients",                           "clients.index",           .management, ClientController.forUser,                .clients,               "Author Api", "Get all of the clients for the authenticated user."),
        Route(.post,   "/oauth/clients",                           "clients.store",           .management, ClientController.store,                  .storeClient,           "Author Api", "Store a new client.", bodyLimit: Route.redirectsLimit),
        Route(.put,    "/oauth/clients/{client_id}",               "clients.update",          .management, ClientController.update,                 .updateClient,          "Author Api", "Update the given client.", bodyLimit: Route.redirectsLimit),
        Route(.delete, "/oauth/clients/{client_id}",               "clients.destroy",         .management, ClientController.destroy,                .destroyClient,         "Author Api", "Delete the given client."),
        Route(.post,   "/oauth/clients/{client_id}/secret",        "clients.rotate",          .management, ClientSecretController.store,            .rotateSecret,          "Author Api", "Replace the secret of the given client."),
        Route(.get,    "/oauth/scopes",                            "scopes.index",            .management, ScopeController.all,                     .scopes,                "Author Api", "Get all of the available scopes for the application."),
        Route(.get,    "/oauth/personal-access-tokens",            "personal.tokens.index",   .management, PersonalAccessTokenController.forUser,   .personalTokens,        "Author Api", "Get all of the personal access tokens for the authenticated user."),
        Route(.post,   "/oauth/personal-access-tokens",            "personal.tokens.store",   .management, PersonalAccessTokenController.store,     .storePersonalToken,    "Author Api", "Create a new personal access token for the user."),
        Route(.delete, "/oauth/personal-access-tokens/{token_id}", "personal.tokens.destroy", .management, PersonalAccessTokenController.destroy,   .destroyPersonalToken,  "Author Api", "Delete the given token."),

        Route(.post, "/api/login", "api.login",   .anyone, APILoginController.login, .apiLogin,  "Author Api", "api/login",       origins: .configured),
        Route(.post, "/api/users", "users.store", .anyone, UserController.store,     .storeUser, "user Api", "api/users",       origins: .configured),
        Route(.get,  "/api/users", "users.show",  .bearer(scope: nil), UserController.show,      .showUser,  "user Api", "Get detail user", origins: .configured, failsIfEmpty: true),

        Route(.get,  "/login",    "login",          .anyone, LoginController.show,     .signInPage,       "Pages", "The sign-in page", isDestination: false),
        Route(.post, "/login",    "login.store",    .guest(signsIn: true), LoginController.login,    .signIn,           "Pages", "Sign in", bodyLimit: Route.returnLimit),
        Route(.get,  "/logout",   "logout.show",    .anyone, LogoutController.show,    .signOutPage,      "Pages", "The sign-out page", isDestination: false),
        Route(.post, "/logout",   "logout",         .guest(signsIn: false), LogoutController.logout,  .signOut,          "Pages", "Sign out"),
        Route(.get,  "/register", "register",       .anyone, RegisterController.show,  .registrationPage, "Pages", "The registration page", isDestination: false, precondition: Registration.checkSwitch),
        Route(.post, "/register", "register.store", .guest(signsIn: true), RegisterController.store, .register,         "Pages", "Create an account", bodyLimit: Route.returnLimit, precondition: Registration.checkSwitch),

        Route(.get,    "/account",                          "account",                 .session, AccountController.show,                  .account,              "Pages", "Applications, tokens, clients and sessions of the user"),
        Route(.delete, "/account/applications/{client_id}", "applications.destroy",    .session, AuthorizedApplicationController.destroy, .destroyApplication,   "Pages", "Take back everything that an application was given"),
        Route(.get,    "/account/applications/{client_id}", "applications.confirm",    .session, ConfirmationController.application,      .confirmApplication,   "Pages", "Ask whether to take that back"),
        Route(.get,    "/account/tokens",                   "personal.tokens.confirm-all", .session, ConfirmationController.tokens,       .confirm,              "Pages", "Ask whether to revoke all personal access tokens"),
        Route(.delete, "/account/tokens",                   "personal.tokens.destroy-all", .session, PersonalAccessTokenController.destroyAll, .destroyPersonalTokens, "Pages", "Revoke all personal access tokens"),
        Route(.get,    "/account/tokens/{token_id}",        "personal.tokens.confirm", .session, ConfirmationController.token,            .confirmToken,         "Pages", "Ask whether to revoke a personal access token"),
        Route(.get,    "/account/tokens/create",            "personal.tokens.create",  .session, PersonalAccessTokenController.create,    .form,                 "Pages", "The form of a personal access token"),
        Route(.get,    "/account/clients/create",           "clients.create",          .session, ClientController.create,                 .form,                 "Pages", "The form of a new client"),
        Route(.get,    "/account/clients/{client_id}/edit", "clients.edit",            .session, ClientController.edit,                   .clientForm,           "Pages", "The form of a client"),
        Route(.get,    "/account/clients/{client_id}/delete", "clients.confirm",       .session, ConfirmationController.client,           .clientForm,           "Pages", "Ask whether to delete a client"),
        Route(.get,    "/account/clients/{client_id}/secret", "clients.confirm-rotation", .session, ConfirmationController.secret,        .clientForm,           "Pages", "Ask whether to replace a client's secret"),
        Route(.get,    "/account/sessions",                 "sessions.confirm-others", .session, ConfirmationController.sessions,         .confirm,              "Pages", "Ask whether to sign out everywhere else"),
        Route(.get,    "/account/sessions/{session_id}",    "sessions.confirm",        .session, ConfirmationController.session,          .confirmSession,       "Pages", "Ask whether to sign out there"),
        Route(.delete, "/account/sessions",                 "sessions.destroy-others", .session, SessionController.destroyOthers,         .destroyOtherSessions, "Pages", "Sign out everywhere else"),
        Route(.delete, "/account/sessions/{session_id}",    "sessions.destroy",        .session, SessionController.destroy,               .destroySession,       "Pages", "Sign out of another browser"),
        Route(.get,    "/account/password",                 "password.edit",           .session, PasswordController.edit,                 .passwordForm,         "Pages", "The form of a new password"),
        Route(.put,    "/account/password",                 "password.update",         .session, PasswordController.update,               .updatePassword,       "Pages", "Change the password"),
        Route(.get,    "/account/password/changed",         "password.changed",        .session, PasswordController.changed,              .form,                 "Pages", "Which access stays after a new password"),
        Route(.get,    "/oauth/assets/{file}",              "assets.show",             .anyone,  AssetController.show,                    .asset,                "Pages", "The stylesheet, the script and the logo", isDestination: false),

        Route(.get, "/oauth/verify",                           "tokens.verify",   .anyone, VerifyController.verify,            .verify,        "Operations", "What a bearer token may do, for nginx's auth_request", mayEndInSlash: false),
        Route(.get, "/up",                                     "health",          .anyone, HealthController.show,              .health,        "Operations", "Whether the database answers"),
        Route(.get, "/.well-known/jwks.json",                  "jwks",            .anyone, KeySetController.show,              .keySet,        "Operations", "The keys that tokens are verified with",      origins: .configured),
        Route(.get, "/.well-known/passport-jwks.json",         "jwks.passport",   .anyone, KeySetController.showPassports,     .passportKeySet, "Operations", "The keys that tokens of Passport are verified with",      origins: .configured),
        Route(.get, "/.well-known/oauth-authorization-server", "metadata",        .anyone, MetadataController.show,            .metadata,      "Operations", "What this authorization server can do (RFC 8414)", origins: .configured),
        Route(.get, "/docs",                                   "docs",            .anyone, DocumentationController.show,       .documentation, "Operations", "The API reference"),
        Route(.get, "/docs/collection.json",                   "docs.collection", .anyone, DocumentationController.collection, .collection,    "Operations", "The Postman collection", origins: .configured),
        Route(.get, "/docs/openapi.json",                      "docs.openapi",    .anyone, DocumentationController.openAPI,    .openAPI,       "Operations", "The OpenAPI document", origins: .configured),
    ]

    /// A route of an address, and the decoded parameters of its path.
    typealias Match = (route: Route, parameters: [String: String])

    /// Returns the routes of an address, one for each method.
    ///
    /// Returns no routes if the address does not exist. One slash at the end makes no difference,
    /// as in Laravel's router, unless a route forbids it.
    static func find(_ path: String) -> [Match] {
        let hasSlash = path.utf8.count > 1 && path.utf8.last == UInt8(ascii: "/")
        let bare = hasSlash ? String(path.dropLast()) : path
        let matches =
            literal[bare]?.map { ($0, [:]) }
            ?? patterns.compactMap { route in route.path.match(bare).map { (route, $0) } }
        return hasSlash ? matches.filter { $0.0.mayEndInSlash } : matches
    }

    /// Returns the route of an address for a method.
    ///
    /// The route for `GET` also answers `HEAD`.
    static func find(_ method: HTTPRequest.Method, _ path: String) -> Match? {
        choose(method, find(path))
    }

    /// Returns the route for a method from the routes of an address.
    static func choose(_ method: HTTPRequest.Method, _ matches: [Match]) -> Match? {
        matches.first { $0.route.method == (method == .head ? .get : method) }
    }

    /// The maximum bytes in the body of any route.
    package static let largestBody = all.map(\.bodyLimit).max() ?? 0

    private static let literal = Dictionary(grouping: all.filter(\.path.isLiteral), by: \.path.description)
    private static let patterns = all.filter { !$0.path.isLiteral }
}

/// One row of the table of routes.
package final class Route: Sendable {
    /// The maximum bytes of a body with 20 redirect URIs of 2,000 bytes each.
    static let redirectsLimit = 65_536
    /// The maximum bytes of a body with a return address of 16,000 bytes, percent-encoded once
    /// more.
    static let returnLimit = 65_536

    /// The form of a route's errors.
    enum ErrorStyle: Sendable {
        /// `{"message", "status"}`
        case envelope
        /// RFC 6749 §5.2, and a page for a browser.
        case oauth
        /// RFC 6749 §5.2 for everybody, whatever `Accept` says.
        case document
    }

    /// The other origins with scripts that may call a route.
    enum Origins: Sendable {
        case none
        /// The origins of `CORS_ORIGINS`.
        case configured
    }

    package let method: HTTPRequest.Method
    package let path: Path
    /// The name of the route in Passport, without `passport.`.
    package let name: String
    package let access: Access
    let endpoint: Endpoint
    package let group: String
    package let title: String
    let errors: ErrorStyle
    let origins: Origins
    /// The maximum bytes of the body.
    let bodyLimit: Int
    /// Whether the address may end in one additional slash.
    let mayEndInSlash: Bool
    /// Whether the original application answers an empty request with 500 (`LEGACY_ERRORS`).
    let failsIfEmpty: Bool
    /// Whether a user may continue here after a sign-in.
    let isDestination: Bool
    /// A check that comes before the search for the caller.
    ///
    /// A route that is off is 404 for everybody. An unknown grant is an error for every client.
    let precondition: @Sendable (Call) throws -> Void
    let action: @Sendable (Call) throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: Path, _ name: String, _ access: Access,
        _ action: @escaping @Sendable (Call) throws -> Response,
        _ endpoint: Endpoint, _ group: String, _ title: String, errors: ErrorStyle = .envelope,
        origins: Origins = .none, bodyLimit: Int = 16_384,
        mayEndInSlash: Bool = true, failsIfEmpty: Bool = false, isDestination: Bool = true,
        precondition: @escaping @Sendable (Call) throws -> Void = { _ in }
    ) {
        self.method = method
        self.path = path
        self.name = name
        self.access = access
        self.action = action
        self.endpoint = endpoint
        self.group = group
        self.title = title
        self.errors = errors
        self.origins = origins
        self.bodyLimit = bodyLimit
        self.mayEndInSlash = mayEndInSlash
        self.failsIfEmpty = failsIfEmpty
        self.isDestination = isDestination
        self.precondition = precondition
    }
}
