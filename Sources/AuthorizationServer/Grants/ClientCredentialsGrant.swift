import HTTP
import MariaDB
import OAuth
import Storage

/// `grant_type=client_credentials` (RFC 6749 §4.4).
enum ClientCredentialsGrant {
    static let grant = Grant(
        .clientCredentials, takes: " takes `scope`", [.scope],
        example: .init(
            title: "client_credentials", body: [("grant_type", .value("client_credentials"))], client: "MACHINE_"),
        exchange: exchange)

    /// Issues a token to a client on its own behalf.
    ///
    /// Refuses a public client, because it has no credentials.
    static func exchange(_ call: Call, _ client: Client, _ parameters: Parameters) throws -> IssuedTokens {
        guard client.isConfidential else { throw OAuthError.invalidClient }
        let scopes = try call.settings.scopes.resolve(parameters.scope())
        let issuer = TokenIssuer(call)
        let token = issuer.makeAccessToken(user: nil, client: client.id, scopes: scopes, grant: .clientCredentials)
        try issuer.store(token)
        return IssuedTokens(accessToken: token, refreshToken: nil)
    }
}
