import HTTP
import MariaDB

/// The table `oauth_refresh_families`.
struct RefreshFamilyRepository {
    let database: Connection

    init(_ database: Connection) {
        self.database = database
    }

    /// Founds a family.
    func store(_ family: RefreshFamily, now: Timestamp) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, revoked, created_at, expires_at) VALUES (?, ?, ?, ?, ?, 0, ?, ?)
            """, family.id, family.userID, family.clientID, family.grantType.rawValue, JSON(family.scopes).text(), now, family.expiresAt)
    }

    /// Ends a family: its row, and its few tokens that still live, which is what a Passport beside us reads.
    func revoke(_ id: RefreshFamily.ID, now: Timestamp) throws(DatabaseError) {
        try database.execute("UPDATE oauth_refresh_families SET revoked = 1 WHERE id = ? AND revoked = 0", id)
        try database.execute("UPDATE oauth_refresh_tokens SET revoked = 1 WHERE family_id = ? AND revoked = 0", id)
        try AccessTokenRepository(database).revoke(of: id, now: now)
    }

    /// What a user granted to a client by consents that still live, each as a list of scopes.
    func grantedScopes(user: User, client: Client, now: Timestamp) throws(DatabaseError) -> [[String]] {
        try database.rows(
            "SELECT scopes FROM oauth_refresh_families WHERE user_id = ? AND client_id = ? AND revoked = 0 AND expires_at > ?", user.id, client.id,
            now
        ).map { row throws(DatabaseError) in [String](storedAs: try row.text("scopes")) }
    }
}
