import HTTP
package import MariaDB
package import OAuth

/// The table `oauth_auth_codes` of Passport.
package struct AuthorizationCodeRepository {
    let database: Connection

    package init(_ database: Connection) {
        self.database = database
    }

    /// Adds a code.
    package func store(_ code: AuthorizationCode, in change: Change) throws(DatabaseError) {
        try database.execute(
            """
            INSERT INTO \(.authorizationCodes)
                (id, user_id, client_id, scopes, revoked, expires_at, redirect_uri, code_challenge, authorization,
                    family_id, address, user_agent)
            VALUES (\(code.id), \(code.userID), \(code.clientID), \(JSON(code.scopes).compact), 0,
                \(code.expiresAt), \(code.redirectURI), \(code.codeChallenge?.text),
                \(code.authorization?.stored), \(code.familyID), \(code.place?.address), \(code.place?.userAgent))
            """
        )
    }

    /// Adopts a code that Passport issued: adds the values that a code of Consulate has.
    ///
    /// Does nothing if the code was used or already has these values.
    package func adopt(
        _ id: AuthorizationCode.ID, of user: User.ID, for client: Client.ID, redirectURI: String?,
        codeChallenge: CodeChallenge?, family: RefreshFamily.ID
    ) throws(DatabaseError) {
        try database.execute(
            """
            UPDATE \(.authorizationCodes) SET redirect_uri = \(redirectURI),
                code_challenge = \(codeChallenge?.text), family_id = \(family)
            WHERE id = \(id) AND client_id = \(client) AND user_id = \(user)
                AND family_id IS NULL AND revoked = 0
            """
        )
    }

    /// Returns the code with this id, used or not, if its user exists.
    ///
    /// A code that Passport issued is not returned before it is adopted, because Consulate must not
    /// redeem it before.
    package func find(_ id: AuthorizationCode.ID) throws(DatabaseError) -> AuthorizationCode? {
        let row = try database.row(
            """
            SELECT a.id, a.user_id, a.client_id, a.scopes, a.revoked, a.expires_at, a.redirect_uri, a.code_challenge,
                a.authorization, a.family_id, a.address, a.user_agent
            FROM \(.authorizationCodes) a JOIN \(.users) u ON \(.users, "u.id", joins: "a.user_id")
                WHERE a.id = \(id) AND a.family_id IS NOT NULL
            """
        )
        guard let row, try AuthorizationCode.ID(row.text("id")) == id else { return nil }
        return AuthorizationCode(
            id: id, userID: User.ID(try row.text("user_id")), clientID: Client.ID(try row.text("client_id")),
            scopes: [String](storedAs: try row.optionalText("scopes") ?? "[]"), isUsed: try row.flag("revoked"),
            expiresAt: try row.time("expires_at"),
            redirectURI: try row.optionalText("redirect_uri"),
            codeChallenge: try row.optionalText("code_challenge").map { CodeChallenge(stored: $0) },
            authorization: try row.optionalText("authorization").flatMap { Authorization(stored: $0) },
            familyID: RefreshFamily.ID(try row.text("family_id")),
            place: try row.optionalText("address").map { address throws(DatabaseError) in
                Place(address: address, userAgent: try row.optionalText("user_agent") ?? "")
            })
    }

    /// Marks a code as used and creates the family with the issued tokens, in one statement.
    ///
    /// Returns `true` to only one of any number of attempts. A used code is kept as long as its
    /// family, because a second use of the code must end the family.
    package func redeem(
        _ id: AuthorizationCode.ID, for issued: IssuedTokens, of family: RefreshFamily, in change: Change
    ) throws -> Bool {
        let statements: [SQL?] = [
            """
            UPDATE \(.authorizationCodes) SET revoked = 1, expires_at = \(family.expiresAt)
                WHERE id = \(id) AND revoked = 0
            """,
            .requireChange, family.insertion(now: change.now),
        ]
        let isDone = try database.transaction(statements + issued.insertions(of: family, in: change))
        if !isDone { change.event = nil }
        return isDone
    }
}
