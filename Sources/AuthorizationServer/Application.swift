package import Cryptography
package import HTTP
import HTTPTypes
package import Logging
package import MariaDB
package import OAuth
import Pages
import Storage
import Synchronization

/// The state that all workers share.
///
/// Nothing in it changes after the start, except the memory of verified secrets.
package final class Application: Sendable {
    package let settings: Settings
    let keys: KeyRing
    /// The key that signs access tokens.
    let signingKey: SigningKey
    let applicationKey: ApplicationKey
    let hashing: PasswordHashing
    let verifiedSecrets = VerifiedSecrets()
    let views: Views
    let reference: Reference
    let logger: Logger
    let clock: @Sendable () -> Timestamp
    private let hasWarnedOfConfiguration = Atomic(false)

    /// The version of the files of `nginx/` that this program expects.
    package static let configurationVersion = 2

    /// Creates the application from its parts.
    ///
    /// Throws one sentence about a setting, a key or a template that cannot be used.
    package init(
        settings: Settings, keys: KeyRing, hashing: PasswordHashing, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) throws {
        guard ApplicationKey(settings.appKey) != nil else {
            throw SettingsError(
                "APP_KEY is not `base64:` and 32 bytes, or 32 characters: run `consulate install`, which creates it.")
        }
        guard let applicationKey = ApplicationKey(settings.appKey, previous: settings.previousAppKeys) else {
            throw SettingsError(
                "APP_PREVIOUS_KEYS has a part that is not `base64:` and 32 bytes, or 32 characters: remove it.")
        }
        guard let signingKey = keys.signing(settings.tokenProfile.key) else {
            throw SettingsError(
                "\(settings.tokenProfile.key.files)-private.key does not exist, but TOKEN_PROFILE=\(settings.tokenProfile) signs with it: run `consulate install`."
            )
        }
        self.settings = settings
        self.keys = keys
        self.signingKey = signingKey
        self.applicationKey = applicationKey
        self.hashing = hashing
        do {
            self.views = try Views(
                appName: settings.appName, accentColor: settings.accentColor, logoPath: settings.logoPath,
                folder: settings.viewsPath)
        } catch {
            throw SettingsError(error.description)
        }
        self.reference = Reference(settings, views)
        self.logger = logger
        self.clock = clock
        if settings.allowsPasswordGrant {
            logger.warning("PASSWORD_GRANT is on: RFC 9700 §2.4 forbids the password grant")
        }
        if settings.allowsImplicitGrant {
            logger.warning("IMPLICIT_GRANT is on: RFC 9700 §2.1.2 discourages the implicit grant")
        }
    }

    /// The id of the key that signs, and the ids of the other keys that verify.
    package var keysInUse: String {
        let others = keys.ofAccessTokens.map(\.id).filter { $0 != signingKey.publicKey.id }
        return ([signingKey.publicKey.id] + others).joined(separator: " ")
    }

    // MARK: - How a request is answered

    /// Answers a request.
    ///
    /// This is the only place where errors become responses.
    package func respond(to incoming: Request, on worker: Worker) -> Response {
        if incoming.configurationVersion ?? 0 < Self.configurationVersion { warnOfConfiguration(incoming) }
        var call = Call(application: self, request: incoming, worker: worker, now: clock())
        var route: Route?
        var response: Response
        do {
            response = try answer(&call, &route)
        } catch {
            response = render(error, call, route)
        }
        logEvents(of: worker)
        if route?.origins == .configured { allowOrigin(of: incoming, in: &response) }
        response.fields[.xContentTypeOptions] = "nosniff"
        if !response.fields.contains(.cacheControl) { response.fields[.cacheControl] = "no-cache, private" }
        return response
    }

    /// Finds the route first, and then runs its action.
    ///
    /// Because of this order, a request for an unknown address does not cost the reading of a query
    /// or a body.
    private func answer(_ call: inout Call, _ found: inout Route?) throws -> Response {
        let request = call.request
        let matches = Routes.find(request.path)
        guard let any = matches.first?.route else { throw HTTPError.notFound }
        found = any
        if request.method == .options, let response = preflight(matches.map(\.route), request) { return response }
        guard !request.bodyIsTooLarge, request.body.count <= matches.map(\.route.bodyLimit).max() ?? 0 else {
            throw HTTPError.payloadTooLarge
        }
        call.request.method = try Self.method(of: call, among: matches.map(\.route.method))
        guard let (route, parameters) = Routes.choose(call.request.method, matches) else {
            throw HTTPError.methodNotAllowed(
                matches.flatMap { $0.route.method == .get ? ["GET", "HEAD"] : [$0.route.method.rawValue] })
        }
        found = route
        call.path = parameters
        call.noteRoute()
        try Self.checkPath(of: request)
        if request.path.utf8.count > 1, request.path.hasSuffix("/") { call.request.path.removeLast() }
        if isLegacyError(route, call) { throw HTTPError.serverError }
        try route.precondition(call)
        call.caller = try route.access.admit(call)
        return try route.action(call)
    }

    /// Returns the method of a request, which a form may name in `_method`.
    ///
    /// Forms can send only `GET` and `POST`. So `_method` names the method if the address has other
    /// methods.
    private static func method(of call: Call, among offered: [HTTPRequest.Method]) throws(HTTPError)
        -> HTTPRequest.Method
    {
        let request = call.request
        guard request.method == .post, !request.body.isEmpty, !offered.allSatisfy({ [.get, .post].contains($0) }),
            ["application/x-www-form-urlencoded", "multipart/form-data"].contains(request.mediaType),
            let method = try? call.body["_method"]?.text?.uppercased()
        else { return request.method }
        guard ["PUT", "DELETE", "POST"].contains(method) else { throw .badRequest("_method is PUT or DELETE.") }
        return method == "PUT" ? .put : method == "DELETE" ? .delete : .post
    }

    /// Throws 404 if the path is not the path that nginx used to choose its `location`.
    ///
    /// nginx decodes and normalises the path before it chooses the `location`, which has limits and
    /// allowed addresses.
    private static func checkPath(of request: Request) throws(HTTPError) {
        guard let normalized = request.normalizedPath, normalized != request.path else { return }
        guard PercentEncoding.decode(request.path.utf8) == normalized else { throw .notFound }
    }

    /// Returns whether the original application answers this empty request with 500.
    private func isLegacyError(_ route: Route, _ call: Call) -> Bool {
        let request = call.request
        return settings.usesLegacyErrors && route.failsIfEmpty && request.query.isEmpty
            && request.body.isEmpty && request[.authorization] == nil && call.cookie?.isGuest != false
    }

    /// Warns once that nginx has an old copy of the files of `nginx/`.
    private func warnOfConfiguration(_ request: Request) {
        guard !hasWarnedOfConfiguration.exchange(true, ordering: .relaxed) else { return }
        let file = request.requiredScope == nil ? "parameters.conf" : "internal.conf"
        logger.warning(
            "nginx has an old copy of consulate/\(file): copy nginx/\(file) there and reload nginx; `consulate doctor` examines every file"
        )
    }

    // MARK: - Requests from other origins

    private func preflight(_ routes: [Route], _ request: Request) -> Response? {
        guard request[.origin] != nil, request[.accessControlRequestMethod] != nil,
            routes.contains(where: { $0.origins == .configured })
        else { return nil }
        return Response(
            status: .noContent,
            fields: [
                .accessControlAllowMethods: routes.map(\.method.rawValue).joined(separator: ", "),
                .accessControlAllowHeaders: "Authorization, *", .accessControlMaxAge: "600",
            ])
    }

    private func allowOrigin(of request: Request, in response: inout Response) {
        response.fields[.accessControlExposeHeaders] = "WWW-Authenticate, Retry-After, DPoP-Nonce"
        if settings.corsOrigins.contains("*") {
            response.fields[.accessControlAllowOrigin] = "*"
            return
        }
        response.fields.append(HTTPField(name: .vary, value: "Origin"))
        if let origin = request[.origin], settings.corsOrigins.contains(origin) {
            response.fields[.accessControlAllowOrigin] = origin
        }
    }

    // MARK: - Errors

    private func render(_ error: any Error, _ call: Call, _ route: Route?) -> Response {
        let style = usesLegacyEnvelope(error, route) ? .envelope : route?.errors ?? .envelope
        if let error = error as? OAuthError, style != .envelope, !wantsPage(call, route) {
            return ErrorDocument.render(error, debug: debug(error))
        }
        if let error = error as? SignedInElsewhere { return .redirect(to: error.address, status: .seeOther) }
        let translated = translate(error, call)
        if wantsPage(call, route) {
            if error is SignInRequired { return signIn(call) }
            return Page.error(translated, cause: error, call)
        }
        return ErrorDocument.render(translated, as: style, debug: debug(error))
    }

    /// Sends a browser to the sign-in page and back afterwards.
    ///
    /// If the session ended while a page was open, a notice tells the user.
    private func signIn(_ call: Call) -> Response {
        let address = ReturnAddress(of: call)?.address(of: "/login") ?? "/login"
        guard !call.request.method.isSafe else { return .redirect(to: address) }
        var response = Response.redirect(to: address, status: .seeOther)
        Notice.expired.set(on: &response, call.settings)
        return response
    }

    private func usesLegacyEnvelope(_ error: any Error, _ route: Route?) -> Bool {
        settings.usesLegacyErrors && route?.failsIfEmpty == true
            && (error as? HTTPError)?.status == .internalServerError
    }

    /// Returns whether the caller gets a page.
    ///
    /// The token endpoint's errors are always documents, whatever `Accept` says.
    private func wantsPage(_ call: Call, _ route: Route?) -> Bool {
        call.prefersPage && route?.errors != .document
    }

    private func translate(_ error: any Error, _ call: Call) -> HTTPError {
        switch error {
        case let error as HTTPError:
            return error
        case let required as SignInRequired:
            return required.error
        case is SecondFactorRequired:
            return SecondFactorRequired.error
        case let error as OAuthError:
            return HTTPError(status: error.status, message: error.description, fields: error.fields)
        case is PasswordHashing.Busy:
            return .unavailable(retryAfter: 1)
        case let error as DatabaseError where error.isTemporary:
            log(.warning, "the database is away", error, call)
            return .unavailable(retryAfter: 5)
        default:
            log(.error, "a defect", error, call)
            return .serverError
        }
    }

    /// Writes the events of the audit trail as log lines.
    private func logEvents(of worker: Worker) {
        for event in worker.events {
            logger.info(
                "audit", metadata: Dictionary(uniqueKeysWithValues: event.metadata.map { ($0.name, "\($0.value)") }))
        }
        worker.events.removeAll(keepingCapacity: true)
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ error: any Error, _ call: Call) {
        logger.log(
            level: level, message,
            metadata: [
                "request": "\(call.request.id)", "method": "\(call.request.method.rawValue)",
                "path": "\(call.request.path)", "error": "\(error)",
            ])
    }

    /// Returns the text that `APP_DEBUG` adds: the kind of error, and never a value.
    private func debug(_ error: any Error) -> String? {
        guard settings.isDebugging else { return nil }
        if let error = error as? DatabaseError { return "DatabaseError \(error.code)" }
        return "\(type(of: error))"
    }
}
