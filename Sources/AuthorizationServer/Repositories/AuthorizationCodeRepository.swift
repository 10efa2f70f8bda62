import HTTP
import MariaDB

/// The table `oauth_auth_codes` of Passport.
struct AuthorizationCodeRepository {
    let database: Connection

    init(_ database: Connection) {
        self.database = database
    }

    /// Adds a code.
    func store(_ code: AuthorizationCode) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO oauth_auth_codes
                (id, user_id, client_id, scopes, revoked, expires_at, redirect_uri, code_challenge, family_id, address,
                    user_agent)
            VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
            """, code.id, code.userID, code.clientID, JSON(code.scopes).compact, code.expiresAt, code.redirectURI,
            code.codeChallenge?.text,
            code.familyID, code.place?.address, code.place?.userAgent)
    }

    /// Adopts a code that Passport issued: adds the values that a code of Consulate has.
    ///
    /// Does nothing if the code was used or already has these values.
    func adopt(_ id: AuthorizationCode.ID, _ payload: PassportPayload, family: RefreshFamily.ID) throws(DatabaseError) {
        try database.execute(
            """
            UPDATE oauth_auth_codes SET redirect_uri = ?, code_challenge = ?, family_id = ?
            WHERE id = ? AND client_id = ? AND user_id = ? AND family_id IS NULL AND revoked = 0
            """, payload.redirectURI, payload.codeChallenge?.text, family, id, payload.clientID, payload.userID)
    }

    /// Returns the code with this id, used or not, if its user exists.
    ///
    /// A code that Passport issued is not returned before it is adopted, because Consulate must not
    /// redeem it before.
    func find(_ id: AuthorizationCode.ID) throws(DatabaseError) -> AuthorizationCode? {
        let row = try database.row(
            """
            SELECT a.id, a.user_id, a.client_id, a.scopes, a.revoked, a.expires_at, a.redirect_uri, a.code_challenge,
                a.family_id, a.address,
                a.user_agent
            FROM oauth_auth_codes a JOIN consulate_users u ON u.id = a.user_id
                WHERE a.id = ? AND a.family_id IS NOT NULL
            """, id)
        guard let row, try AuthorizationCode.ID(row.text("id")) == id else { return nil }
        return AuthorizationCode(
            id: id, userID: User.ID(try row.text("user_id")), clientID: Client.ID(try row.text("client_id")),
            scopes: [String](storedAs: try row.optionalText("scopes") ?? "[]"), isUsed: try row.flag("revoked"),
            expiresAt: try row.time("expires_at"),
            redirectURI: try row.optionalText("redirect_uri"),
            codeChallenge: try row.optionalText("code_challenge").map { CodeChallenge(stored: $0) },
            familyID: RefreshFamily.ID(try row.text("family_id")),
            place: try row.optionalText("address").map { address throws(DatabaseError) in
                Place(address: address, userAgent: try row.optionalText("user_agent") ?? "")
            })
    }

    /// Marks a code as used and creates the family with the issued tokens, in one statement.
    ///
    /// Returns `true` to only one of any number of attempts. A used code is kept as long as its
    /// family, because a second use of the code must end the family.
    func redeem(
        _ id: AuthorizationCode.ID, for issued: IssuedTokens, of family: RefreshFamily, auditing event: AuditEvent?,
        now: Timestamp
    ) throws
        -> Bool
    {
        let (token, refreshTokenID) = (issued.accessToken, issued.refreshToken?.id)
        return try database.transaction(
            """
            BEGIN NOT ATOMIC
                START TRANSACTION;
                UPDATE oauth_auth_codes SET revoked = 1, expires_at = ? WHERE id = ? AND revoked = 0;
                IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31000; END IF;
                INSERT INTO oauth_refresh_families
                    (id, user_id, client_id, grant_type, scopes, revoked, created_at, expires_at, last_used_at, address,
                        user_agent)
                VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?);
                INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                    expires_at, grant_type, family_id)
                VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?);
                IF ? THEN
                    INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at, family_id)
                        VALUES (?, ?, 0, ?, ?);
                END IF;
                IF ? THEN
                    INSERT INTO oauth_audit_events (occurred_at, event, user_id, client_id, token_id, address,
                        request_id, detail)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?);
                END IF;
                COMMIT;
            END
            """, family.expiresAt, id,
            family.id, family.userID, family.clientID, family.grantType.rawValue, JSON(family.scopes).compact, now,
            family.expiresAt, now,
            family.place?.address, family.place?.userAgent,
            token.id, token.userID, token.clientID, JSON(token.scopes).compact, now, now, token.expiresAt,
            token.grantType?.rawValue, family.id,
            refreshTokenID != nil, refreshTokenID, token.id, family.expiresAt, family.id,
            event != nil, event?.occurredAt, event?.kind.rawValue, event?.userID, event?.clientID, event?.tokenID,
            event?.address, event?.requestID,
            event?.detail)
    }
}
