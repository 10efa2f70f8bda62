import MariaDB

/// Every table, by the name that statements use.
extension Table {
    // The tables of Laravel and Passport.
    static let users = Table("users", throughView: "consulate_users")
    static let clients = Table("oauth_clients", throughView: "consulate_clients")
    static let accessTokens = Table("oauth_access_tokens")
    static let authorizationCodes = Table("oauth_auth_codes")
    static let refreshTokens = Table("oauth_refresh_tokens")
    /// The table of users itself, for changes and for columns that the view does not have.
    static let userTable = Table("users")
    /// The table of clients itself, for changes and for columns that the view does not have.
    static let clientTable = Table("oauth_clients")

    // The tables of Consulate.
    static let refreshFamilies = Table("oauth_refresh_families")
    static let sessions = Table("oauth_sessions")
    static let pendingAuthorizations = Table("oauth_pending_authorizations")
    static let cache = Table("oauth_cache")
    static let auditEvents = Table("oauth_audit_events")
    static let replays = Table("oauth_replays")
    static let knownNetworks = Table("oauth_known_networks")
    static let adoptions = Table("consulate_adoptions")
    static let migrations = Table("consulate_migrations")
}
