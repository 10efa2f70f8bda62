import HTTP
package import MariaDB
import OAuth

/// The table `oauth_refresh_families`.
package struct RefreshFamilyRepository {
    let database: Connection

    package init(_ database: Connection) {
        self.database = database
    }

    /// Creates a family.
    package func store(_ family: RefreshFamily, now: Timestamp) throws(DatabaseError) {
        try database.execute(family.insertion(now: now))
    }

    /// Prevents others from changing a family or its tokens until the transaction ends.
    package func lock(_ id: RefreshFamily.ID) throws(DatabaseError) {
        _ = try database.row("SELECT id FROM \(.refreshFamilies) WHERE id = \(id) FOR UPDATE")
    }

    /// Revokes a family: its row and its few live tokens.
    ///
    /// The tokens are revoked too, because a Passport beside Consulate reads their rows.
    package func revoke(_ id: RefreshFamily.ID, now: Timestamp) throws(DatabaseError) {
        // The statement has no `AND revoked = 0`, so that it locks the row in any case.
        try database.execute("UPDATE \(.refreshFamilies) SET revoked = 1 WHERE id = \(id)")
        try database.execute("UPDATE \(.refreshTokens) SET revoked = 1 WHERE family_id = \(id) AND revoked = 0")
        try AccessTokenRepository(database).revoke(of: id, now: now)
    }

    /// Revokes a family, because somebody presented one of its used credentials.
    package func revoke(_ id: RefreshFamily.ID, in change: Change) throws(DatabaseError) {
        try revoke(id, now: change.now)
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
    package func revokeSignIns(of user: User.ID, now: Timestamp) throws(DatabaseError) {
        _ = try database.rows(
            """
            SELECT f.id FROM \(.refreshFamilies) f WHERE f.user_id = \(user) AND f.revoked = 0
                AND \(.isSignInFamily)
            FOR UPDATE
            """
        )
        // A first-party client does not ask for consent, so a code of the ended session would
        // create a new family. This statement waits for a redemption of the code.
        try database.execute(
            """
            UPDATE \(.authorizationCodes) a JOIN \(.clients) c ON \(.clients, "c.id", joins: "a.client_id")
                SET a.revoked = 1
            WHERE a.user_id = \(user) AND a.revoked = 0 AND c.first_party = 1
            """
        )
        try database.execute(
            """
            UPDATE \(.accessTokens) t JOIN \(.refreshFamilies) f ON f.id = t.family_id
                SET t.revoked = 1, t.updated_at = \(now)
            WHERE f.user_id = \(user) AND t.revoked = 0 AND \(.isSignInFamily)
            """
        )
        try database.execute(
            """
            UPDATE \(.refreshTokens) r JOIN \(.refreshFamilies) f ON f.id = r.family_id SET r.revoked = 1
            WHERE f.user_id = \(user) AND r.revoked = 0 AND \(.isSignInFamily)
            """
        )
        try database.execute(
            """
            UPDATE \(.refreshFamilies) f SET f.revoked = 1
                WHERE f.user_id = \(user) AND f.revoked = 0 AND \(.isSignInFamily)
            """
        )
        try database.execute(
            """
            UPDATE \(.accessTokens) t JOIN \(.clients) c ON \(.clients, "c.id", joins: "t.client_id")
                LEFT JOIN \(.refreshTokens) r ON \(.refreshTokens, "r.access_token_id", joins: "t.id")
            SET t.revoked = 1, t.updated_at = \(now), r.revoked = 1
            WHERE t.user_id = \(user) AND t.family_id IS NULL AND \(.isSignInOfPassport)
            """
        )
    }

    /// Locks a live consent of a user until the transaction ends, or returns `false` if none
    /// exists.
    ///
    /// The consent covers these scopes. The function writes to the row. So if another node of a
    /// cluster withdraws the consent at the same time, one of the two transactions fails and runs
    /// again.
    package func holdGrant(of user: User.ID, to client: Client.ID, covering scopes: [String], now: Timestamp)
        throws(DatabaseError) -> Bool
    {
        let rows = try database.rows(
            """
            SELECT id, scopes FROM \(.refreshFamilies) WHERE user_id = \(user) AND client_id = \(client)
                AND revoked = 0 AND expires_at > \(now)
            ORDER BY created_at DESC LIMIT 100
            """
        )
        for id in try rows.ids(covering: scopes) {
            let held = try database.execute(
                "UPDATE \(.refreshFamilies) SET last_used_at = \(now) WHERE id = \(id) AND revoked = 0")
            if held == 1 { return true }
        }
        return false
    }
}

extension SQL {
    /// The condition that a family began with a password, or belongs to a first-party client.
    package static let isSignInFamily: SQL =
        """
        (f.grant_type IN ('sign_in', 'password') OR EXISTS (SELECT 1 FROM \(.clients) c
            WHERE \(.clients, "c.id", joins: "f.client_id") AND c.first_party = 1))
        """
}

extension RefreshFamily {
    /// The statement that adds the row.
    package func insertion(now: Timestamp) -> SQL {
        """
        INSERT INTO \(.refreshFamilies) (id, user_id, client_id, grant_type, scopes, authorization, revoked,
            created_at, expires_at, last_used_at, address, user_agent)
        VALUES (\(id), \(userID), \(clientID), \(grantType.rawValue), \(JSON(scopes).compact),
            \(authorization?.stored), 0, \(now), \(expiresAt), \(now), \(place?.address), \(place?.userAgent))
        """
    }
}
