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
            INSERT INTO oauth_refresh_families
                (id, user_id, client_id, grant_type, scopes, revoked, created_at, expires_at, last_used_at, address,
                    user_agent)
            VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)
            """, family.id, family.userID, family.clientID, family.grantType.rawValue, JSON(family.scopes).compact, now,
            family.expiresAt, now,
            family.place?.address, family.place?.userAgent)
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

    /// Ends what the account lists as sessions: sign-ins by password, of scripts and of the
    /// password grant, Passport's too, and those of first-party clients; within a transaction.
    ///
    /// The families are locked first: a refresh that is under way has then stored its tokens, and
    /// they are ended with the others. Tokens are ended whatever their family's row says: one that
    /// another node of a cluster has just brought may have been revoked without them.
    func revokeSignIns(of user: User.ID, now: Timestamp) throws(DatabaseError) {
        _ = try database.rows(
            """
            SELECT f.id FROM oauth_refresh_families f WHERE f.user_id = ? AND f.revoked = 0
                AND (f.grant_type IN ('sign_in', 'password')
                OR EXISTS (SELECT 1 FROM consulate_clients c WHERE c.id = f.client_id AND c.first_party = 1))
            FOR UPDATE
            """, user)
        // A first-party client asks nobody: a code of the ended session would found a family once
        // more. Its redemption is waited for.
        try database.execute(
            """
            UPDATE oauth_auth_codes a JOIN consulate_clients c ON c.id = a.client_id SET a.revoked = 1
            WHERE a.user_id = ? AND a.revoked = 0 AND c.first_party = 1
            """, user)
        try database.execute(
            """
            UPDATE oauth_access_tokens t JOIN oauth_refresh_families f ON f.id = t.family_id
                SET t.revoked = 1, t.updated_at = ?
            WHERE f.user_id = ? AND t.revoked = 0 AND (f.grant_type IN ('sign_in', 'password')
                OR EXISTS (SELECT 1 FROM consulate_clients c WHERE c.id = f.client_id AND c.first_party = 1))
            """, now, user)
        try database.execute(
            """
            UPDATE oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id SET r.revoked = 1
            WHERE f.user_id = ? AND r.revoked = 0 AND (f.grant_type IN ('sign_in', 'password')
                OR EXISTS (SELECT 1 FROM consulate_clients c WHERE c.id = f.client_id AND c.first_party = 1))
            """, user)
        try database.execute(
            """
            UPDATE oauth_refresh_families f SET f.revoked = 1
                WHERE f.user_id = ? AND f.revoked = 0 AND (f.grant_type IN ('sign_in', 'password')
                OR EXISTS (SELECT 1 FROM consulate_clients c WHERE c.id = f.client_id AND c.first_party = 1))
            """, user)
        try database.execute(
            """
            UPDATE oauth_access_tokens t JOIN consulate_clients c ON c.id = t.client_id
                LEFT JOIN oauth_refresh_tokens r ON r.access_token_id = t.id
            SET t.revoked = 1, t.updated_at = ?, r.revoked = 1
            WHERE t.user_id = ? AND t.family_id IS NULL AND (c.password_client = 1 OR c.first_party = 1)
                AND c.personal_access_client = 0
                AND COALESCE(c.provider, 'users') = 'users'
            """, now, user)
    }

    /// Holds a living consent of a user that covers some scopes, until the transaction ends;
    /// `false` if there is none.
    ///
    /// It writes to the row: of a withdrawal on another node of a cluster and this, one then fails
    /// and runs again.
    func holdGrant(of user: User.ID, to client: Client.ID, covering scopes: [String], now: Timestamp)
        throws(DatabaseError) -> Bool
    {
        let rows = try database.rows(
            """
            SELECT id, scopes FROM oauth_refresh_families WHERE user_id = ? AND client_id = ? AND revoked = 0
                AND expires_at > ?
            ORDER BY created_at DESC LIMIT 100
            """, user, client, now)
        for id in try rows.ids(covering: scopes) {
            let held = try database.execute(
                "UPDATE oauth_refresh_families SET last_used_at = ? WHERE id = ? AND revoked = 0", now, id)
            if held == 1 { return true }
        }
        return false
    }
}
