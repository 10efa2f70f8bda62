import Cryptography
import HTTP
import HTTPTypes
import MariaDB

/// The authorization endpoint's first half: who is asking for what.
enum AuthorizationController {
    /// `GET /oauth/authorize`: asks the user, or answers the client at once where nothing is to be asked (RFC 6749 §4.1.1).
    static func authorize(_ call: Call) throws -> Response {
        let parameters = try call.query
        let (client, target) = try AuthorizationTarget.find(parameters, call)
        let isSilent = (try? Prompt(parameters))?.isNone ?? false
        guard let session = try call.session() else {
            if isSilent { return AuthorizationResponse.refuse(OAuthError(.loginRequired, "The user is not signed in."), target, call) }
            throw SignInRequired()
        }
        // Only a user who has signed in is sent on with an error: a stranger's client could use us as a redirector (RFC 9700 §4.11.2).
        let prompt: Prompt
        let request: AuthorizationRequest
        do throws(OAuthError) {
            prompt = try Prompt(parameters)
            request = try AuthorizationRequest(parameters, client: client, target: target, settings: call.settings)
        } catch {
            return AuthorizationResponse.refuse(error, target, call)
        }
        let address = ReturnAddress(of: call.request)
        if prompt.demandsSignIn(of: session, for: address, now: call.now) {
            guard call.request.acceptsHTML, !prompt.isNone else {
                return AuthorizationResponse.refuse(OAuthError(.loginRequired, "The user must sign in again."), target, call)
            }
            return .redirect(to: address?.address(of: "/login") ?? "/login")
        }
        return try decide(request, client, prompt, session, call)
    }

    /// Goes on without a page where the user need not be asked, and shows it where they must.
    private static func decide(
        _ request: AuthorizationRequest, _ client: Client, _ prompt: Prompt, _ session: Session, _ call: Call
    ) throws -> Response {
        let isKnown = try !prompt.isConsent && (client.isFirstParty || hasGranted(request, client, session.user, call))
        if isKnown {
            return try call.transaction {
                try SessionRepository(call.database).forgetRequest(session)
                return try AuthorizationResponse.approve(request, code: Random.token(), user: session.user, call)
            }
        }
        if prompt.isNone {
            return AuthorizationResponse.refuse(OAuthError(.consentRequired, "The user has not agreed to this yet."), request.target, call)
        }
        return try ask(request, client, session, call)
    }

    /// A public client is always asked for: anybody can claim to be it (RFC 8252 §8.6).
    private static func hasGranted(_ request: AuthorizationRequest, _ client: Client, _ user: User, _ call: Call) throws -> Bool {
        guard client.isConfidential else { return false }
        let granted = try RefreshFamilyRepository(call.database).grantedScopes(user: user, client: client, now: call.now)
        return granted.contains { Set(request.scopes).isSubset(of: $0) }
    }

    private static func ask(_ request: AuthorizationRequest, _ client: Client, _ session: Session, _ call: Call) throws -> Response {
        let authToken = Random.token()
        try PendingAuthorizationRepository(call.database).store(
            PendingAuthorization.ID(Digest.hexadecimal(authToken)), request, session: session.id, expiresAt: call.now + AuthorizationRequest.patience)
        let scopes = call.settings.scopes.describe(request.scopes)
        guard call.request.acceptsHTML else {
            return .json(
                [
                    "client": ["id": client.id.json, "name": .string(client.name), "redirect_uri": .string(request.target.redirectURI.text)],
                    "scopes": .array(scopes.map(\.json)),
                    "auth_token": .string(authToken),
                ], fields: [.cacheControl: "no-store"])
        }
        return try page(request, client, session, scopes, authToken, call)
    }

    private static func page(
        _ request: AuthorizationRequest, _ client: Client, _ session: Session, _ scopes: [Scope], _ authToken: String, _ call: Call
    ) throws -> Response {
        let destination = request.target.redirectURI.destination
        let address = call.request.path + "?" + call.request.query
        return Page.render(
            ConsentPage(
                client: client.name, owner: try client.userID.flatMap { id throws(DatabaseError) in try call.users.find(id)?.name },
                name: session.user.name, email: session.user.email, scopes: scopes.map(ScopeLine.init), hasScopes: !scopes.isEmpty,
                destination: "destination.\(destination.kind)", host: destination.name, authToken: authToken, action: address,
                switchAddress: switchAddress(call)),
            call, user: session.user, formTarget: request.target.redirectURI)
    }

    /// Where to sign in as somebody else, and then be asked the same.
    private static func switchAddress(_ call: Call) -> String {
        var form = Form(call.request.query.utf8) ?? [:]
        form.pairs.removeAll { ["prompt", "login_hint"].contains($0.name) }
        form.append("prompt", "login consent")
        var again = call.request
        again.query = form.encoded
        return ReturnAddress(of: again)?.address(of: "/login") ?? "/login"
    }
}
