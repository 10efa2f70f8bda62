import HTTP
import MariaDB

/// Where the answer to an authorization request goes: a verified address, so only an error found after it can be sent there.
struct AuthorizationTarget {
    let redirectURI: RedirectURI
    /// The request named the address, so the token request must name it again (RFC 6749 §4.1.3).
    let wasGiven: Bool
    let state: String?
    /// The answer goes into the fragment, as one to `response_type=token` does (RFC 6749 §4.2.2).
    let inFragment: Bool

    init(redirectURI: RedirectURI, wasGiven: Bool, state: String?, inFragment: Bool) {
        self.redirectURI = redirectURI
        self.wasGiven = wasGiven
        self.state = state
        self.inFragment = inFragment
    }

    /// Finds the client and checks the address; what this throws is shown, never sent to the address (RFC 6749 §4.1.2.1).
    static func find(_ parameters: Parameters, _ call: Call) throws -> (client: Client, target: AuthorizationTarget) {
        let id = try parameters.requiredOAuthText("client_id")
        guard let client = try call.clients.findActive(Client.ID(id)), client.internal == nil else {
            throw OAuthError.invalidRequest("client_id", "There is no such client.")
        }
        let registered = client.redirectURIs
        let requested = try parameters.oauthText("redirect_uri")
        let uri: RedirectURI
        if let requested {
            guard registered.contains(where: { $0.matches(requested) }) else {
                throw OAuthError.invalidRequest("redirect_uri", "The redirect URI is not registered for this client.")
            }
            uri = RedirectURI(registered: requested)
        } else {
            guard registered.count == 1, let only = registered.first else {
                throw OAuthError.invalidRequest("redirect_uri", "The client has more than one redirect URI, or none: the request must name it.")
            }
            uri = only
        }
        // A state that came twice must not hide that an error is due; it is reported without one.
        let state = try? parameters.oauthText("state")
        let type = (try? parameters.oauthText("response_type")).flatMap { AuthorizationRequest.ResponseType(rawValue: $0) }
        let inFragment = type == .token && call.settings.allowsImplicitGrant
        return (client, AuthorizationTarget(redirectURI: uri, wasGiven: requested != nil, state: state, inFragment: inFragment))
    }
}

/// An authorization request that is valid in every respect (RFC 6749 §4.1.1, §4.2.1; RFC 7636 §4.3).
struct AuthorizationRequest {
    /// What is asked for, with the parameter's value on the wire.
    enum ResponseType: String {
        case code
        case token
    }

    let clientID: Client.ID
    let target: AuthorizationTarget
    let responseType: ResponseType
    let scopes: [String]
    let codeChallenge: CodeChallenge?

    init(clientID: Client.ID, target: AuthorizationTarget, responseType: ResponseType, scopes: [String], codeChallenge: CodeChallenge?) {
        self.clientID = clientID
        self.target = target
        self.responseType = responseType
        self.scopes = scopes
        self.codeChallenge = codeChallenge
    }

    /// Checks everything that comes after client and address; what this throws may be sent to the address.
    init(_ parameters: Parameters, client: Client, target: AuthorizationTarget, settings: Settings) throws(OAuthError) {
        _ = try parameters.oauthText("state")
        let type = try parameters.requiredOAuthText("response_type")
        guard let responseType = ResponseType(rawValue: type), responseType == .code || settings.allowsImplicitGrant else {
            throw OAuthError(.unsupportedResponseType, "The authorization server does not support this response type.")
        }
        guard client.mayUse(responseType == .code ? .authorizationCode : .implicit) else {
            throw OAuthError(.unauthorizedClient, "The client is not allowed to use this response type.")
        }
        let scopes = try settings.scopes.resolve(parameters.oauthText("scope"))
        let challenge = try CodeChallenge(parameters.oauthText("code_challenge"), method: parameters.oauthText("code_challenge_method"))
        if responseType == .code, challenge == nil, !client.isConfidential || settings.requiresPKCE {
            throw .invalidRequest("code_challenge", "This client must use PKCE: a code challenge is required.")
        }
        self.init(clientID: client.id, target: target, responseType: responseType, scopes: scopes, codeChallenge: challenge)
    }
}

/// Whether and how the user is to be asked: `prompt` and `max_age` (OpenID Connect Core §3.1.2.1).
struct Prompt {
    let isNone: Bool
    let isLogin: Bool
    /// The page shows as whom one answers, and lets one change that, so it serves `select_account` too.
    let isConsent: Bool
    /// Seconds since the user signed in.
    let maxAge: Int?

    init(_ parameters: Parameters) throws(OAuthError) {
        let values = Set((try parameters.oauthText("prompt") ?? "").split(separator: " ").map(String.init))
        guard values.isSubset(of: ["none", "login", "consent", "select_account"]), !values.contains("none") || values.count == 1 else {
            throw .invalidRequest("prompt", "prompt is none, or login, consent and select_account.")
        }
        isNone = values.contains("none")
        isLogin = values.contains("login")
        isConsent = !values.isDisjoint(with: ["consent", "select_account"])
        maxAge = try parameters.oauthText("max_age").map { text throws(OAuthError) in
            guard text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int(text) else {
                throw .invalidRequest("max_age", "max_age is a number of seconds.")
            }
            return seconds
        }
    }

    /// How long signing in for a request satisfies that request, in seconds; as long as its consent page may stand open.
    private static let patience = 3600

    /// Whether somebody who is signed in must show again who they are; having done so for this very request is enough.
    func demandsSignIn(of session: Session, for address: ReturnAddress?, now: Timestamp) -> Bool {
        if let address, session.signedInFor == address.digest, now < session.createdAt + Self.patience { return false }
        return isLogin || maxAge.map { now > session.createdAt + $0 } ?? false
    }
}
