import Cryptography
package import MariaDB
import OAuth

/// The statements that most requests run, for `consulate doctor`.
package struct HotStatements {
    private let database: Connection

    /// Creates the statements for this connection.
    package init(_ database: Connection) {
        self.database = database
    }

    /// Runs each statement once, with ids that do not exist, and changes nothing.
    ///
    /// Throws MariaDB's error for the first statement that MariaDB refuses.
    package func rehearse(now: Timestamp) throws {
        let id = Random.alphanumeric(20)
        let (user, client) = (User.ID(id), Client.ID(id))
        let nobody = User(id: user, name: id, email: id, password: PasswordHash(""), createdAt: nil, updatedAt: nil)
        try rehearseReading(nobody, client, now: now)
        try rehearseIssuing(user, client, now: now)
        do {
            try database.transaction {
                try rehearseRevoking(nobody, client, now: now)
                throw Rehearsed()
            }
        } catch is Rehearsed {}
    }

    /// An error that rolls a transaction back.
    private struct Rehearsed: Error {}

    private func rehearseReading(_ nobody: User, _ client: Client.ID, now: Timestamp) throws {
        let tokens = AccessTokenRepository(database)
        _ = try tokens.findActive(AccessToken.ID(nobody.name), now: now)
        _ = try tokens.activeForUser(nobody, limit: 1, offset: 0, now: now)
        _ = try tokens.personalForUser(nobody, limit: 1, offset: 0, now: now)
        _ = try tokens.findForUser(AccessToken.ID(nobody.name), nobody)
        _ = try ClientRepository(database).find(client)
        _ = try ClientRepository(database).activeForUser(nobody, limit: 1, offset: 0)
        _ = try UserRepository(database).find(nobody.id)
        _ = try UserRepository(database).find(email: nobody.email)
        _ = try SessionRepository(database).findActive(Session.ID(nobody.name), now: now)
        _ = try AuthorizationCodeRepository(database).find(AuthorizationCode.ID(nobody.name))
        _ = try RefreshTokenRepository(database).find(RefreshToken.ID(nobody.name))
        _ = try AccountSessionRepository(database).activeForUser(nobody, limit: 1, offset: 0, now: now)
        _ = try AuthorizedApplicationRepository(database).activeForUser(nobody, limit: 1, offset: 0, now: now)
    }

    /// Runs the statements that issue tokens, for a code and a refresh token that do not exist.
    ///
    /// So no code and no token is used, and no token is issued.
    private func rehearseIssuing(_ user: User.ID, _ client: Client.ID, now: Timestamp) throws {
        let family = RefreshFamily(
            id: RefreshFamily.ID(user.rawValue), userID: user, clientID: client, grantType: .authorizationCode,
            scopes: [], isRevoked: false,
            expiresAt: now)
        let token = AccessToken(
            id: AccessToken.ID(user.rawValue), userID: user, clientID: client, name: nil, scopes: [], isRevoked: false,
            createdAt: now,
            updatedAt: now, expiresAt: now, grantType: .authorizationCode, familyID: family.id)
        let issued = IssuedTokens(accessToken: token, refreshToken: nil)
        let change = Change(AuditEvent(.tokenIssued, from: "", requestID: "", at: now), isStored: false)
        _ = try AuthorizationCodeRepository(database).redeem(
            AuthorizationCode.ID(user.rawValue), for: issued, of: family, in: change)
        let refreshToken = RefreshToken(
            id: RefreshToken.ID(user.rawValue), family: family, isRevoked: false, rotatedAt: nil)
        _ = try RefreshTokenRepository(database).rotate(refreshToken, to: issued, in: change)
    }

    private func rehearseRevoking(_ nobody: User, _ client: Client.ID, now: Timestamp) throws {
        let change = Change(AuditEvent(.tokenRevoked, from: "", requestID: "", at: now), isStored: false)
        let tokens = AccessTokenRepository(database)
        // The token belongs to a client that exists, because a shop may have a foreign key.
        if let signIn = try ClientRepository(database).find(internal: .signIn) {
            let token = AccessToken(
                id: AccessToken.ID(nobody.name), userID: nil, clientID: signIn.id, name: nil, scopes: [],
                isRevoked: false, createdAt: now, updatedAt: now, expiresAt: now, grantType: .clientCredentials,
                familyID: nil)
            try tokens.store(IssuedTokens(accessToken: token, refreshToken: nil), in: change)
        }
        try tokens.touch(AccessToken.ID(nobody.name), now: now)
        _ = try tokens.holdGrant(of: nobody.id, to: client, covering: [], now: now)
        try tokens.revokePersonal(
            of: nobody, in: change)
        _ = try RefreshFamilyRepository(database).holdGrant(of: nobody.id, to: client, covering: [], now: now)
        try RefreshFamilyRepository(database).revokeSignIns(of: nobody.id, now: now)
    }
}
