import HTTP
import MariaDB

/// The table `oauth_refresh_tokens` of Passport.
struct RefreshTokenRepository {
    let database: Connection

    init(_ database: Connection) {
        self.database = database
    }

    /// Adds a token.
    func store(_ id: RefreshToken.ID, accessToken: AccessToken, family: RefreshFamily) throws(DatabaseError) {
        try database.execute(
            "INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id) VALUES (?, ?, 0, ?, ?)",
            id, accessToken.id, family.expiresAt, family.id)
    }

    /// Adopts a refresh token that Passport issued: creates a family and attaches the token and its
    /// access token to it.
    ///
    /// The token is then rotated like a token of Consulate. Does nothing if the token is revoked or
    /// already has a family.
    func adopt(_ id: RefreshToken.ID, into family: RefreshFamily, now: Timestamp) throws {
        try database.transaction {
            let row = try database.row(
                "SELECT id, access_token_id FROM oauth_refresh_tokens WHERE id = ? AND family_id IS NULL AND revoked = 0 FOR UPDATE",
                id)
            guard let row, try RefreshToken.ID(row.text("id")) == id else { return }
            try RefreshFamilyRepository(database).store(family, now: now)
            try database.execute("UPDATE oauth_refresh_tokens SET family_id = ? WHERE id = ?", family.id, id)
            try database.execute(
                "UPDATE oauth_access_tokens SET family_id = ? WHERE id = ?", family.id, try row.text("access_token_id"))
        }
    }

    /// Returns the token with this id and its family, in any state, if the user exists.
    ///
    /// A token that Passport issued is not returned before it is adopted, because Consulate must
    /// not rotate it before.
    func find(_ id: RefreshToken.ID) throws(DatabaseError) -> RefreshToken? {
        let row = try database.row(
            """
            SELECT r.id, r.revoked, r.rotated_at, u.id AS found_user_id,
                f.id AS family_id, f.user_id, f.client_id, f.grant_type, f.scopes, f.revoked AS family_revoked, f.expires_at AS family_expires_at
            FROM oauth_refresh_tokens r JOIN oauth_refresh_families f ON f.id = r.family_id
                JOIN consulate_users u ON u.id = f.user_id WHERE r.id = ?
            """, id)
        guard let row, case let token = try RefreshToken(row), token.id == id,
            try User.ID(row.text("found_user_id")) == token.family.userID
        else {
            return nil
        }
        return token
    }

    /// Marks a token as used and replaces the live tokens of its family by the issued tokens, in
    /// one statement.
    ///
    /// Returns `false` if the token was used already or its family has ended.
    func rotate(_ token: RefreshToken, to issued: IssuedTokens, auditing event: AuditEvent?, now: Timestamp) throws
        -> Bool
    {
        let (family, accessToken, successorID) = (token.family, issued.accessToken, issued.refreshToken?.id)
        return try database.transaction(
            """
            BEGIN NOT ATOMIC
                START TRANSACTION;
                UPDATE oauth_refresh_families SET last_used_at = ? WHERE id = ? AND revoked = 0;
                IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31000; END IF;
                UPDATE oauth_refresh_tokens SET revoked = 1, rotated_at = ?, successor_id = ?
                    WHERE id = ? AND revoked = 0;
                IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31000; END IF;
                UPDATE oauth_access_tokens SET revoked = 1, updated_at = ? WHERE family_id = ? AND revoked = 0;
                INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                    expires_at, grant_type, family_id)
                VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?);
                INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id)
                    VALUES (?, ?, 0, ?, ?);
                IF ? THEN
                    INSERT INTO oauth_audit_events (occurred_at, event, user_id, client_id, token_id, address,
                        request_id, detail)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?);
                END IF;
                COMMIT;
            END
            """, now, family.id, now, successorID, token.id, now, family.id,
            accessToken.id, accessToken.userID, accessToken.clientID, JSON(accessToken.scopes).compact, now, now,
            accessToken.expiresAt,
            accessToken.grantType?.rawValue, family.id,
            successorID, accessToken.id, family.expiresAt, family.id,
            event != nil, event?.occurredAt, event?.kind.rawValue, event?.userID, event?.clientID, event?.tokenID,
            event?.address, event?.requestID,
            event?.detail)
    }

    /// Returns the access token that was issued with a refresh token, unless the refresh token was
    /// used.
    func accessToken(ofUnused id: RefreshToken.ID) throws(DatabaseError) -> AccessToken.ID? {
        try database.row("SELECT access_token_id FROM oauth_refresh_tokens WHERE id = ? AND revoked = 0", id).map {
            row throws(DatabaseError) in AccessToken.ID(try row.text("access_token_id"))
        }
    }
}

extension RefreshToken {
    init(_ row: Row) throws(DatabaseError) {
        let family = RefreshFamily(
            id: RefreshFamily.ID(try row.text("family_id")), userID: User.ID(try row.text("user_id")),
            clientID: Client.ID(try row.text("client_id")),
            grantType: GrantType(rawValue: try row.text("grant_type")) ?? .authorizationCode,
            scopes: [String](storedAs: try row.text("scopes")),
            isRevoked: try row.flag("family_revoked"), expiresAt: try row.time("family_expires_at"))
        self.init(
            id: ID(try row.text("id")), family: family, isRevoked: try row.flag("revoked"),
            rotatedAt: try row.optionalTime("rotated_at"))
    }
}
