import MariaDB
import OAuth
import Storage

extension AccessTokenClaims {
    /// Creates the claims of the token that belongs to a row.
    init(of token: AccessToken, _ settings: Settings) {
        let (profile, client) = (settings.tokenProfile, token.clientID.rawValue)
        let subjectOfClient =
            settings.hasBareClientSubjects ? client : profile == .passport ? "" : "client:\(client)"
        self.init(
            type: profile == .passport ? .passport : .rfc9068, issuer: settings.issuer,
            audience: profile == .passport ? client : settings.tokenAudiences[0],
            subject: token.userID?.rawValue ?? subjectOfClient, clientID: client, tokenID: token.id.rawValue,
            issuedAt: token.createdAt.seconds, expiresAt: token.expiresAt.seconds, scopes: token.scopes)
    }
}
