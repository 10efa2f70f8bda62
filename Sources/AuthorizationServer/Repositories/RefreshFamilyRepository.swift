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
            INSERT INTO oauth_refresh_families (id, user_id, client_id, grant_type, scopes, revoked, created_at, expires_at, last_used_at) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)
            """, family.id, family.userID, family.clientID, family.grantType.rawValue, JSON(family.scopes).compact, now, family.expiresAt, now)
    }

    /// Lets nobody else change a family, or its tokens, until the transaction ends.
    func lock(_ id: RefreshFamily.ID) throws(DatabaseError) {
        _ = try database.row("SELECT id FROM oauth_refresh_families WHERE id = ? FOR UPDATE", id)
    }

    /// Ends a family: its row, and its few tokens that still live, which is what a Passport beside us reads.
    func revoke(_ id: RefreshFamily.ID, now: Timestamp) throws(DatabaseError) {
        // Without `AND revoked = 0`, so that the row is locked in any case.
        try database.execute("UPDATE oauth_refresh_families SET revoked = 1 WHERE id = ?", id)
        try database.execute("UPDATE oauth_refresh_tokens SET revoked = 1 WHERE family_id = ? AND revoked = 0", id)
        try AccessTokenRepository(database).revoke(of: id, now: now)
    }

    /// Ends what a user has by email and password alone: sign-ins of scripts, and the password grant, Passport's too; within a transaction.
    ///
    /// The families are locked first: a refresh that is under way has then given its tokens, and they are ended with the others. Tokens are ended whatever their family's row says: one
    /// that another node of a cluster has just brought may have been revoked without them.
    func revokeSignIns(of user: User.ID, now: Timestamp) throws(DatabaseError) {
        _ = try database.rows(
            "SELECT id FROM oauth_refresh_families WHERE user_id = ? AND grant_type IN ('sign_in', 'password') AND revoked = 0 FOR UPDATE", user)
        try database.execute(
            """
            UPDATE oauth_access_tokens t JOIN oauth_refresh_families f ON f.id = t.family_id SET t.revoked = 1, t.updated_at = ?
            WHERE f.user_id = ? AND f.grant_type IN ('sign_in', 'password') AND t.revoked = 0
            """, now, user)
        try database.execute(
            """
            UPDATE oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id SET r.revoked = 1
            WHERE f.user_id = ? AND f.grant_type IN ('sign_in', 'password') AND r.revoked = 0
            """, user)
        try database.execute(
            "UPDATE oauth_refresh_families SET revoked = 1 WHERE user_id = ? AND grant_type IN ('sign_in', 'password') AND revoked = 0", user)
        try database.execute(
            """
            UPDATE oauth_access_tokens t JOIN consulate_clients c ON c.id = t.client_id LEFT JOIN oauth_refresh_tokens r ON r.access_token_id = t.id
            SET t.revoked = 1, t.updated_at = ?, r.revoked = 1
            WHERE t.user_id = ? AND t.family_id IS NULL AND c.password_client = 1 AND COALESCE(c.provider, 'users') = 'users'
            """, now, user)
    }

    /// What a user granted to a client by consents that still live, each as a list of scopes.
    func grantedScopes(user: User, client: Client, now: Timestamp) throws(DatabaseError) -> [[String]] {
        try database.rows(
            "SELECT scopes FROM oauth_refresh_families WHERE user_id = ? AND client_id = ? AND revoked = 0 AND expires_at > ?", user.id, client.id,
            now
        ).map { row throws(DatabaseError) in [String](storedAs: try row.text("scopes")) }
    }
}
