import Cryptography
import HTTP
import HTTPTypes
import MariaDB
import OAuth
import Pages
import Storage

/// The first half of the authorization endpoint: it finds out which client asks for what.
enum AuthorizationController {
    /// `GET /oauth/authorize`: asks the user, or answers the client immediately if no question is
    /// necessary (RFC 6749 §4.1.1).
    static func authorize(_ call: Call) throws -> Response {
        let parameters = try call.query
        let (client, target) = try AuthorizationTarget.find(parameters, call)
        let isSilent = (try? Prompt(parameters))?.isNone ?? false
        guard let session = try call.session() else {
            if isSilent {
                return AuthorizationResponse.refuse(
                    OAuthError(.loginRequired, "The user is not signed in."), target, call)
            }
            guard !call.prefersPage || ReturnAddress(of: call)?.carried(by: "/login") != nil else {
                return AuthorizationResponse.refuse(.tooLongForSignIn, target, call)
            }
            throw SignInRequired()
        }
        // Only a user who has signed in is redirected to the client with these errors. Otherwise a
        // stranger's client could use us as a redirector (RFC 9700 §4.11.2).
        let prompt: Prompt
        let request: AuthorizationRequest
        do throws(OAuthError) {
            prompt = try Prompt(parameters)
            request = try AuthorizationRequest(
                parameters, prompt, target: target, by: AuthorizationRequest.Rules(for: client, call.settings))
        } catch {
            return AuthorizationResponse.refuse(error, target, call)
        }
        if try prompt.demandsSignIn(of: session, for: request, call) {
            guard call.prefersPage, !prompt.isNone else {
                return AuthorizationResponse.refuse(
                    OAuthError(.loginRequired, "The user must sign in again."), target, call)
            }
            guard let carried = ReturnAddress(of: call)?.carried(by: "/login") else {
                return AuthorizationResponse.refuse(.tooLongForSignIn, target, call)
            }
            return .redirect(to: carried)
        }
        return try decide(request, client, prompt, session, call)
    }

    /// Continues without a page if the user need not be asked, and shows the page otherwise.
    private static func decide(
        _ request: AuthorizationRequest, _ client: Client, _ prompt: Prompt, _ session: Session, _ call: Call
    ) throws -> Response {
        if !prompt.isConsent, let response = try approveSilently(request, session, call) { return response }
        if prompt.isNone {
            return AuthorizationResponse.refuse(
                OAuthError(.consentRequired, "The user has not agreed to this yet."), request.target, call)
        }
        return try ask(request, client, session, call)
    }

    /// Returns a response with a code if the user need not be asked, and `nil` otherwise.
    ///
    /// The transaction that stores the code also reads and holds everything that the code depends
    /// on. A withdrawal either waits for this transaction and then ends the code, or it comes first
    /// and the user is asked.
    private static func approveSilently(_ request: AuthorizationRequest, _ session: Session, _ call: Call) throws
        -> Response?
    {
        try call.transaction {
            guard try SessionRepository(call.database).hold(session.id),
                let client = try call.clients.hold(Client.ID(request.clientID)),
                client.isIdentified(by: request.target.redirectURI)
            else { return nil }
            guard try client.isFirstParty || holdGrant(of: session.user, to: client, covering: request.scopes, call)
            else { return nil }
            try SessionRepository(call.database).forgetRequest(session)
            return try Approval.issue(
                request, of: client, code: Random.token(), user: session.user, call)
        }
    }

    /// Holds the user's grant to a client, and returns `false` if no grant covers the scopes.
    ///
    /// In Passport, the live tokens of a confidential client were the grant.
    private static func holdGrant(of user: User, to client: Client, covering scopes: [String], _ call: Call) throws
        -> Bool
    {
        if try RefreshFamilyRepository(call.database).holdGrant(
            of: user.id, to: client.id, covering: scopes, now: call.now)
        {
            return true
        }
        guard client.isConfidential, try call.database.isAdopted() else { return false }
        return try AccessTokenRepository(call.database).holdGrant(
            of: user.id, to: client.id, covering: scopes, now: call.now)
    }

    private static func ask(
        _ request: AuthorizationRequest, _ client: Client, _ session: Session, _ call: Call
    ) throws -> Response {
        let authToken = Random.token()
        try call.transaction {
            guard try SessionRepository(call.database).lockAlone(session.id) else { throw SignInRequired() }
            try PendingAuthorizationRepository(call.database).store(
                PendingAuthorization.ID(Digest.hexadecimal(authToken)), request, session: session.id,
                expiresAt: call.now + AuthorizationRequest.patience)
        }
        let scopes = call.settings.scopes.describe(request.scopes)
        guard call.prefersPage else {
            return .json(
                [
                    "client": [
                        "id": client.id.json, "name": .string(client.name),
                        "redirect_uri": .string(request.target.redirectURI.text),
                    ],
                    "scopes": .array(scopes.map(\.json)),
                    "auth_token": .string(authToken),
                ], fields: [.cacheControl: "no-store"])
        }
        return try page(request, client, session, scopes, authToken, call)
    }

    private static func page(
        _ request: AuthorizationRequest, _ client: Client, _ session: Session, _ scopes: [Scope], _ authToken: String,
        _ call: Call
    ) throws -> Response {
        let destination = request.target.redirectURI.destination
        let address = call.request.path + "?" + call.request.query
        return Page.render(
            ConsentPage(
                client: client.name,
                owner: try client.userID.flatMap { id throws(DatabaseError) in try call.users.find(id)?.name },
                name: session.user.name, email: session.user.email, scopes: scopes.map(ScopeLine.init),
                hasScopes: !scopes.isEmpty,
                destination: "destination.\(destination.kind)", host: destination.name, authToken: authToken,
                action: address,
                switchAddress: switchAddress(call)),
            call, user: session.user)
    }

    /// Returns the address for signing in as another user, who is then asked the same question.
    private static func switchAddress(_ call: Call) -> String {
        var form = Form(call.request.query.utf8) ?? [:]
        form.pairs.removeAll { ["prompt", "login_hint"].contains($0.name) }
        form.append("prompt", "login consent")
        var again = call
        again.request.query = form.encoded
        return ReturnAddress(of: again)?.address(of: "/login") ?? "/login"
    }
}
