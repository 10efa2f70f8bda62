package import MariaDB

/// The sign-ins of a user: browsers, families, and access tokens without a family.
///
/// The families and the access tokens are those of sign-ins and of first-party clients.
package struct AccountSessionRepository {
    let database: Connection

    package init(_ database: Connection) {
        self.database = database
    }

    /// Returns the live sign-ins of a user, the most recently used first.
    package func activeForUser(_ user: User, limit: Int, offset: Int, now: Timestamp) throws(DatabaseError)
        -> [AccountSession]
    {
        try database.rows(
            """
            SELECT id, client, internal, address, user_agent, created_at, last_seen_at FROM (
                SELECT CONVERT(s.id USING utf8mb4) COLLATE utf8mb4_bin AS id, NULL AS client, NULL AS internal,
                    s.address,
                    CONVERT(s.user_agent USING utf8mb4) COLLATE utf8mb4_bin AS user_agent, s.created_at,
                    s.last_seen_at
                FROM \(.sessions) s WHERE s.user_id = \(user.id) AND s.expires_at > \(now)
                UNION ALL
                SELECT CONVERT(f.id USING utf8mb4) COLLATE utf8mb4_bin,
                    CONVERT(c.name USING utf8mb4) COLLATE utf8mb4_bin, c.internal,
                    f.address, CONVERT(f.user_agent USING utf8mb4) COLLATE utf8mb4_bin, f.created_at,
                    COALESCE(f.last_used_at, f.created_at)
                FROM \(.refreshFamilies) f STRAIGHT_JOIN \(.clients) c ON \(.clients, "c.id", joins: "f.client_id")
                WHERE f.user_id = \(user.id) AND f.revoked = 0 AND f.expires_at > \(now) AND c.revoked = 0
                    AND \(.isSignIn)
                UNION ALL
                SELECT CONVERT(t.id USING utf8mb4) COLLATE utf8mb4_bin,
                    CONVERT(c.name USING utf8mb4) COLLATE utf8mb4_bin, NULL, NULL, NULL,
                    COALESCE(t.created_at, t.expires_at),
                    COALESCE(t.last_used_at, t.created_at, t.expires_at)
                FROM \(.accessTokens) t JOIN \(.clients) c ON \(.clients, "c.id", joins: "t.client_id")
                WHERE t.user_id = \(user.id) AND COALESCE(t.family_id, '') = '' AND t.revoked = 0 AND c.revoked = 0
                    AND \(.isSignInOfPassport)
                    AND (t.expires_at > \(now) OR \(.isRefreshable(now)))
            ) everything ORDER BY last_seen_at DESC, id LIMIT \(limit) OFFSET \(offset)
            """
        ).map(AccountSession.init)
    }

    /// The object that an id of the list identifies.
    private enum Entry {
        case browser
        case family(RefreshFamily.ID)
        case token(AccessToken.ID)
    }

    /// Returns whether a user has an entry with this id.
    package func contains(_ id: String, of user: User) throws(DatabaseError) -> Bool { try find(id, of: user) != nil }

    private func find(_ id: String, of user: User) throws(DatabaseError) -> Entry? {
        // The columns are ASCII, and MariaDB does not compare them with other characters.
        guard id.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        if try database.row("SELECT 1 FROM \(.sessions) WHERE id = \(id) AND user_id = \(user.id)") != nil {
            return .browser
        }
        let family = try database.row(
            """
            SELECT f.id FROM \(.refreshFamilies) f JOIN \(.clients) c ON \(.clients, "c.id", joins: "f.client_id")
            WHERE f.id = \(id) AND f.user_id = \(user.id) AND f.revoked = 0 AND \(.isSignIn)
            """
        )
        if let family { return .family(RefreshFamily.ID(try family.text("id"))) }
        return try database.row(
            """
            SELECT t.id FROM \(.accessTokens) t JOIN \(.clients) c ON \(.clients, "c.id", joins: "t.client_id")
            WHERE t.id = \(id) AND t.user_id = \(user.id) AND t.family_id IS NULL AND t.revoked = 0
                AND \(.isSignInOfPassport)
            """
        ).map { row throws(DatabaseError) in .token(AccessToken.ID(try row.text("id"))) }
    }

    /// Ends the entry of a user with this id, and returns whether the entry existed.
    package func end(_ id: String, of user: User, in change: Change) throws(DatabaseError) -> Bool {
        switch try find(id, of: user) {
        case .browser?: return try SessionRepository(database).delete(Session.ID(id), of: user)
        case .family(let family)?:
            try RefreshFamilyRepository(database).revoke(family, now: change.now)
        case .token(let token)?: try AccessTokenRepository(database).revoke(token, in: change)
        case nil: return false
        }
        return true
    }

    /// Ends all entries of a user except the session of one browser.
    ///
    /// Must run within a transaction.
    package func endAll(of user: User, but session: Session.ID, in change: Change) throws(DatabaseError) {
        try SessionRepository(database).delete(of: user.id, but: session)
        try RefreshFamilyRepository(database).revokeSignIns(of: user.id, now: change.now)
    }
}

extension AccountSession {
    package init(_ row: Row) throws(DatabaseError) {
        self.init(
            id: try row.text("id"), client: try row.optionalText("client"),
            isOfSignIn: try row.optionalText("internal") == Client.Internal.signIn.rawValue,
            address: try row.optionalText("address") ?? "",
            userAgent: try row.optionalText("user_agent") ?? "", createdAt: try row.time("created_at"),
            lastSeenAt: try row.time("last_seen_at"))
    }
}
