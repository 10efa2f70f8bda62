import HTTP
package import MariaDB

/// An event that an auditor asks about: who did what, when and from where.
///
/// The event never contains a secret.
package struct AuditEvent: Sendable {
    /// The kinds of events.
    package enum Kind: String, Sendable {
        case signedIn = "user.signed-in"
        case signInFailed = "user.sign-in-failed"
        case lockedOut = "user.locked-out"
        case unlocked = "user.unlocked"
        case signedOut = "user.signed-out"
        case sessionEnded = "user.session-ended"
        case userCreated = "user.created"
        case passwordChanged = "user.password-changed"
        case approved = "authorization.approved"
        case denied = "authorization.denied"
        case withdrawn = "authorization.withdrawn"
        case tokenIssued = "token.issued"
        case tokenRevoked = "token.revoked"
        case codeReused = "token.code-reused"
        case refreshTokenReused = "token.refresh-token-reused"
        case clientCreated = "client.created"
        case clientUpdated = "client.updated"
        case clientRevoked = "client.revoked"
        case secretReplaced = "client.secret-replaced"
        case clientRefused = "client.refused"
        case keyMade = "key.made"
        case keyActivated = "key.activated"
        case started = "server.started"
    }

    package let kind: Kind
    package let occurredAt: Timestamp
    package var userID: User.ID?
    package var clientID: Client.ID?
    package var tokenID: AccessToken.ID?
    package let address: String
    package let requestID: String
    package let detail: String?

    /// Creates an event.
    ///
    /// A command passes `console` as the address, and the person who ran it as the request id.
    package init(
        _ kind: Kind, user: User.ID? = nil, client: Client.ID? = nil, token: AccessToken.ID? = nil,
        detail: String? = nil, from address: String,
        requestID: String, at occurredAt: Timestamp
    ) {
        self.kind = kind
        self.occurredAt = occurredAt
        self.userID = user
        self.clientID = client
        self.tokenID = token
        self.address = address.truncated(to: 45)
        self.requestID = requestID.truncated(to: 64)
        self.detail = detail?.truncated(to: 191)
    }

    /// The event as a log line contains it.
    ///
    /// The line has its own time.
    package var metadata: [(name: String, value: String)] {
        [
            ("event", kind.rawValue), ("user", userID?.rawValue), ("client", clientID?.rawValue),
            ("token", tokenID?.rawValue), ("address", address),
            ("request", requestID), ("detail", detail),
        ].compactMap { name, value in value.map { (name, $0) } }
    }
}
