import HTTP
package import MariaDB
import OAuth

/// The table `oauth_refresh_tokens` of Passport.
package struct RefreshTokenRepository {
    let database: Connection

    package init(_ database: Connection) {
        self.database = database
    }

    /// Adopts a refresh token that Passport issued: creates a family and attaches the token and its
    /// access token to it.
    ///
    /// The token is then rotated like a token of Consulate. Does nothing if the token is revoked or
    /// already has a family.
    package func adopt(_ id: RefreshToken.ID, into family: RefreshFamily, now: Timestamp) throws {
        try database.transaction {
            let row = try database.row(
                """
                SELECT id, access_token_id FROM \(.refreshTokens) WHERE id = \(id) AND family_id IS NULL
                    AND revoked = 0 FOR UPDATE
                """
            )
            guard let row, try RefreshToken.ID(row.text("id")) == id else { return }
            try RefreshFamilyRepository(database).store(family, now: now)
            try database.execute("UPDATE \(.refreshTokens) SET family_id = \(family.id) WHERE id = \(id)")
            try database.execute(
                "UPDATE \(.accessTokens) SET family_id = \(family.id) WHERE id = \(try row.text("access_token_id"))")
        }
    }

    /// Returns the token with this id and its family, in any state, if the user exists.
    ///
    /// A token that Passport issued is not returned before it is adopted, because Consulate must
    /// not rotate it before.
    package func find(_ id: RefreshToken.ID) throws(DatabaseError) -> RefreshToken? {
        let row = try database.row(
            """
            SELECT r.id, r.revoked, r.rotated_at, u.id AS found_user_id,
                f.id AS family_id, f.user_id, f.client_id, f.grant_type, f.scopes, f.authorization,
                    f.revoked AS family_revoked, f.expires_at AS family_expires_at
            FROM \(.refreshTokens) r JOIN \(.refreshFamilies) f ON f.id = r.family_id
                JOIN \(.users) u ON \(.users, "u.id", joins: "f.user_id") WHERE r.id = \(id)
            """
        )
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
    package func rotate(_ token: RefreshToken, to issued: IssuedTokens, in change: Change) throws -> Bool {
        let (family, now) = (token.family, change.now)
        let statements: [SQL?] = [
            "UPDATE \(.refreshFamilies) SET last_used_at = \(now) WHERE id = \(family.id) AND revoked = 0",
            .requireChange,
            """
            UPDATE \(.refreshTokens) SET revoked = 1, rotated_at = \(now), successor_id = \(issued.refreshToken?.id)
                WHERE id = \(token.id) AND revoked = 0
            """,
            .requireChange,
            """
            UPDATE \(.accessTokens) SET revoked = 1, updated_at = \(now)
                WHERE family_id = \(family.id) AND revoked = 0
            """,
        ]
        let isDone = try database.transaction(statements + issued.insertions(of: family, in: change))
        if !isDone { change.event = nil }
        return isDone
    }

    /// Returns the access token that was issued with a refresh token, unless the refresh token was
    /// used.
    package func accessToken(ofUnused id: RefreshToken.ID) throws(DatabaseError) -> AccessToken.ID? {
        try database.row("SELECT access_token_id FROM \(.refreshTokens) WHERE id = \(id) AND revoked = 0").map {
            row throws(DatabaseError) in AccessToken.ID(try row.text("access_token_id"))
        }
    }
}

extension IssuedTokens {
    /// The statements that add the rows and the event of the issue.
    func insertions(of family: RefreshFamily?, in change: Change) -> [SQL?] {
        var insertions: [SQL?] = [accessToken.insertion]
        if let family { insertions.append(refreshToken?.insertion(with: accessToken, of: family)) }
        insertions.append(change.insertion())
        return insertions
    }
}

extension IssuedRefreshToken {
    /// The statement that adds the row.
    fileprivate func insertion(with accessToken: AccessToken, of family: RefreshFamily) -> SQL {
        """
        INSERT INTO \(.refreshTokens) (id, access_token_id, revoked, expires_at, family_id)
        VALUES (\(id), \(accessToken.id), 0, \(family.expiresAt), \(family.id))
        """
    }
}

extension RefreshToken {
    package init(_ row: Row) throws(DatabaseError) {
        let family = RefreshFamily(
            id: RefreshFamily.ID(try row.text("family_id")), userID: User.ID(try row.text("user_id")),
            clientID: Client.ID(try row.text("client_id")),
            grantType: GrantType(rawValue: try row.text("grant_type")) ?? .authorizationCode,
            scopes: [String](storedAs: try row.text("scopes")),
            authorization: try row.optionalText("authorization").flatMap { Authorization(stored: $0) },
            isRevoked: try row.flag("family_revoked"), expiresAt: try row.time("family_expires_at"))
        self.init(
            id: ID(try row.text("id")), family: family, isRevoked: try row.flag("revoked"),
            rotatedAt: try row.optionalTime("rotated_at"))
    }
}
