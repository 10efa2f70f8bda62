public import MariaDB

/// An application that asks for tokens.
public struct Client: Sendable {
    public typealias ID = Identifier<Client>

    /// The purpose of a client that the server created for itself.
    public enum Internal: String, Sendable {
        /// The client of `POST /api/login`.
        ///
        /// Its tokens with the scope `*` are first-party.
        case signIn = "sign-in"
        /// The client of personal access tokens.
        case personal
    }

    public internal(set) var id: ID
    /// The user who created the client, or `nil` for the console.
    public let userID: User.ID?
    public let name: String
    /// The secret, or `nil` for a public client.
    public let secret: ClientSecret?
    public let provider: String?
    /// Whether the users of the client are our users.
    let isOfUsers: Bool
    /// The registered redirect URIs, separated by commas.
    public let redirect: String
    public let isPersonalAccessClient: Bool
    public let isPasswordClient: Bool
    public let isRevoked: Bool
    /// The grants that the client may use, or `nil` if Passport's rule applies.
    public let grantTypes: [String]?
    /// Whether users are not asked for consent.
    public let isFirstParty: Bool
    public let `internal`: Internal?
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    var isConfidential: Bool { secret != nil }

    /// Returns whether an answer to this address can reach only this client.
    ///
    /// Any program can claim to be a public client on loopback or with a private scheme
    /// (RFC 8252 §8.6).
    func isIdentified(by redirectURI: RedirectURI) -> Bool { isConfidential || redirectURI.identifiesClient }

    var redirectURIs: [RedirectURI] {
        redirect.split(separator: ",").map { RedirectURI(registered: $0.trimming()) }.filter { !$0.text.isEmpty }
    }

    /// Returns one sentence about the first address that could not be registered as a redirect URI
    /// today.
    ///
    /// Returns `nil` if all addresses could be registered.
    public static func problem(ofRedirectURIs uris: [String], allowing schemes: Set<String>) -> String? {
        guard uris.count <= RedirectURI.most else { return "A client has at most \(RedirectURI.most) redirect URIs." }
        return uris.first { RedirectURI(registering: $0, allowing: schemes) == nil }.map {
            """
            \($0) cannot be a redirect URI: it must be absolute, without a fragment or a comma, and https unless it is on this machine; \
            an app's own scheme has a dot, or stands in REDIRECT_SCHEMES.
            """
        }
    }

    /// Returns whether a redirect URI identifies a public client.
    ///
    /// An https address identifies it. A loopback address or a private scheme does not.
    public static func identifies(redirectURI: String) -> Bool {
        RedirectURI(registered: redirectURI).identifiesClient
    }

    /// Returns whether the client may use a grant.
    ///
    /// Passport's rule applies if the client has no list of its own.
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
