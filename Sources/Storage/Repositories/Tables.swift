package import MariaDB

/// Every table, by the name that statements use.
extension Table {
    // The tables of Laravel and Passport.
    package static let users = Table("users", throughView: "consulate_users")
    package static let clients = Table("oauth_clients", throughView: "consulate_clients")
    package static let accessTokens = Table("oauth_access_tokens")
    package static let authorizationCodes = Table("oauth_auth_codes")
    package static let refreshTokens = Table("oauth_refresh_tokens")
    /// The table of users itself, for changes and for columns that the view does not have.
    package static let userTable = Table("users")
    /// The table of clients itself, for changes and for columns that the view does not have.
    package static let clientTable = Table("oauth_clients")

    // The tables of Consulate.
    package static let refreshFamilies = Table("oauth_refresh_families")
    package static let sessions = Table("oauth_sessions")
    package static let pendingAuthorizations = Table("oauth_pending_authorizations")
    package static let cache = Table("oauth_cache")
    package static let auditEvents = Table("oauth_audit_events")
    package static let replays = Table("oauth_replays")
    package static let knownNetworks = Table("oauth_known_networks")
}
