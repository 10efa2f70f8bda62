public import MariaDB

/// An application that asks for tokens.
public struct Client: Sendable {
    public typealias ID = Identifier<Client>

    /// A client that we made for ourselves.
    public enum Internal: String, Sendable {
        /// `POST /api/login` issues under it; its tokens with the scope `*` are first-party.
        case signIn = "sign-in"
        /// Personal access tokens are issued under it.
        case personal
    }

    public let id: ID
    /// Who made it; `nil`: the console.
    public let userID: User.ID?
    public let name: String
    /// `nil`: a public client.
    public let secret: ClientSecret?
    public let provider: String?
    /// The registered redirect URIs, with commas between them.
    public let redirect: String
    public let isPersonalAccessClient: Bool
    public let isPasswordClient: Bool
    public let isRevoked: Bool
    /// `nil`: by Passport's rule.
    public let grantTypes: [String]?
    /// Users are not asked for consent.
    public let isFirstParty: Bool
    public let `internal`: Internal?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    /// The users of another provider are in another table, where their ids are the same numbers.
    static func isOfUsers(_ provider: String?) -> Bool { provider ?? "users" == "users" }

    var isConfidential: Bool { secret != nil }

    /// Whether an answer at this address can only reach this client: any program can claim to be a
    /// public client on loopback or with a private scheme (RFC 8252 §8.6).
    func isIdentified(by redirectURI: RedirectURI) -> Bool { isConfidential || redirectURI.identifiesClient }

    var redirectURIs: [RedirectURI] {
        redirect.split(separator: ",").map { RedirectURI(registered: $0.trimming()) }.filter { !$0.text.isEmpty }
    }

    /// One sentence about the first of some addresses that could not be registered as a redirect
    /// URI today; `nil` if all could.
    public static func problem(ofRedirectURIs uris: [String], allowing schemes: Set<String>) -> String? {
        guard uris.count <= RedirectURI.most else { return "A client has at most \(RedirectURI.most) redirect URIs." }
        return uris.first { RedirectURI(registering: $0, allowing: schemes) == nil }.map {
            """
            \($0) cannot be a redirect URI: it must be absolute, without a fragment or a comma, and https unless it is on this machine; \
            an app's own scheme has a dot, or stands in REDIRECT_SCHEMES.
            """
        }
    }

    /// Whether a redirect URI identifies a public client: an https address does, a loopback address
    /// or a private scheme does not.
    public static func identifies(redirectURI: String) -> Bool {
        RedirectURI(registered: redirectURI).identifiesClient
    }

    /// Whether it may use a grant; without a list of its own, by Passport's rule.
    func mayUse(_ grant: GrantType) -> Bool {
        if let grantTypes { return grantTypes.contains(grant.rawValue) }
        switch grant {
        case .authorizationCode, .implicit: return !isPersonalAccessClient && !isPasswordClient
        case .refreshToken: return !isPersonalAccessClient
        case .clientCredentials: return isConfidential
        case .password: return isPasswordClient
        case .personalAccess, .signIn: return false
        }
    }
}
