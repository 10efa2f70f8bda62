import HTTP
import MariaDB

/// The table `oauth_refresh_families`.
struct RefreshFamilyRepository {
    let database: Connection

    init(_ database: Connection) {
        self.database = database
    }

    /// Creates a family.
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

    /// Prevents others from changing a family or its tokens until the transaction ends.
    func lock(_ id: RefreshFamily.ID) throws(DatabaseError) {
        _ = try database.row("SELECT id FROM oauth_refresh_families WHERE id = ? FOR UPDATE", id)
    }

    /// Revokes a family: its row and its few live tokens.
    ///
    /// The tokens are revoked too, because a Passport beside Consulate reads their rows.
    func revoke(_ id: RefreshFamily.ID, now: Timestamp) throws(DatabaseError) {
        // The statement has no `AND revoked = 0`, so that it locks the row in any case.
        try database.execute("UPDATE oauth_refresh_families SET revoked = 1 WHERE id = ?", id)
        try database.execute("UPDATE oauth_refresh_tokens SET revoked = 1 WHERE family_id = ? AND revoked = 0", id)
        try AccessTokenRepository(database).revoke(of: id, now: now)
    }

    /// Ends the sign-ins that the account lists as sessions, except browsers.
    ///
    /// These are sign-ins by password of scripts and of the password grant, including those at
    /// Passport, and sign-ins of first-party clients. Must run within a transaction.
    ///
    /// Locks the families first. A concurrent refresh has then stored its tokens, and they are
    /// ended with the other tokens. Ends tokens whatever the row of their family says, because a
    /// family that another node of a cluster has just added may have been revoked without its
    /// tokens.
    func revokeSignIns(of user: User.ID, now: Timestamp) throws(DatabaseError) {
        _ = try database.rows(
            """
            SELECT f.id FROM oauth_refresh_families f WHERE f.user_id = ? AND f.revoked = 0
                AND (f.grant_type IN ('sign_in', 'password')
                OR EXISTS (SELECT 1 FROM consulate_clients c WHERE c.id = f.client_id AND c.first_party = 1))
            FOR UPDATE
            """, user)
        // A first-party client does not ask for consent, so a code of the ended session would
        // create a new family. This statement waits for a redemption of the code.
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

    /// Locks a live consent of a user until the transaction ends, or returns `false` if none
    /// exists.
    ///
    /// The consent covers these scopes. The function writes to the row. So if another node of a
    /// cluster withdraws the consent at the same time, one of the two transactions fails and runs
    /// again.
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
