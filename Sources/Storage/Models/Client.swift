import HTTP
package import MariaDB
package import OAuth

/// An application that asks for tokens.
package struct Client: Sendable {
    package typealias ID = Identifier<Client>

    /// The purpose of a client that the server created for itself.
    package enum Internal: String, Sendable {
        /// The client of `POST /api/login`.
        ///
        /// Its tokens with the scope `*` are first-party.
        case signIn = "sign-in"
        /// The client of personal access tokens.
        case personal
    }

    package internal(set) var id: ID
    /// The user who created the client, or `nil` for the console.
    package let userID: User.ID?
    package let metadata: ClientMetadata
    /// The secret, or `nil` for a public client.
    package let secret: ClientSecret?
    package let provider: String?
    /// Whether the users of the client are our users.
    package let isOfUsers: Bool
    package let isPersonalAccessClient: Bool
    package let isPasswordClient: Bool
    package let isRevoked: Bool
    package let `internal`: Internal?
    package let createdAt: Timestamp?
    package let updatedAt: Timestamp?

    /// Creates the row from its values.
    package init(
        id: ID, userID: User.ID?, metadata: ClientMetadata, secret: ClientSecret?, provider: String?, isOfUsers: Bool,
        isPersonalAccessClient: Bool, isPasswordClient: Bool, isRevoked: Bool, `internal`: Internal?,
        createdAt: Timestamp?, updatedAt: Timestamp?
    ) {
        self.id = id
        self.userID = userID
        self.metadata = metadata
        self.secret = secret
        self.provider = provider
        self.isOfUsers = isOfUsers
        self.isPersonalAccessClient = isPersonalAccessClient
        self.isPasswordClient = isPasswordClient
        self.isRevoked = isRevoked
        self.`internal` = `internal`
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package var name: String { metadata.clientName }
    /// The registered redirect URIs, separated by commas.
    package var redirect: String { metadata.redirectURIs }
    package var isFirstParty: Bool { metadata.isFirstParty }
    package var isConfidential: Bool { secret != nil }

    /// Returns whether an answer to this address can reach only this client.
    ///
    /// Any program can claim to be a public client on loopback or with a private scheme
    /// (RFC 8252 §8.6).
    package func isIdentified(by redirectURI: RedirectURI) -> Bool { isConfidential || redirectURI.identifiesClient }

    package var redirectURIs: [RedirectURI] {
        redirect.split(separator: ",").map { RedirectURI(registered: $0.trimming()) }.filter { !$0.text.isEmpty }
    }

    /// Returns one sentence about the first address that could not be registered as a redirect URI
    /// today.
    ///
    /// Returns `nil` if all addresses could be registered.
    package static func problem(ofRedirectURIs uris: [String], allowing schemes: Set<String>) -> String? {
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
    package static func identifies(redirectURI: String) -> Bool {
        RedirectURI(registered: redirectURI).identifiesClient
    }

    /// Returns whether the client may use a grant.
    ///
    /// Passport's rule applies if the client has no list of its own.
    package func mayUse(_ grant: GrantType) -> Bool {
        if let grantTypes = metadata.grantTypes { return grantTypes.contains(grant.rawValue) }
        switch grant {
        case .authorizationCode, .implicit: return !isPersonalAccessClient && !isPasswordClient
        case .refreshToken: return !isPersonalAccessClient
        case .clientCredentials: return isConfidential
        case .password: return isPasswordClient
        // Any other grant needs a list of the client's own.
        default: return false
        }
    }
}
