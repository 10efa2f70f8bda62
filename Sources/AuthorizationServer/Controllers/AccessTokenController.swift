import HTTP
import OAuth
import Storage

/// The token endpoint.
enum AccessTokenController {
    /// Throws `unsupported_grant_type`, before the client authenticates.
    static func checkGrant(_ call: Call) throws { _ = try grant(call) }

    /// `POST /oauth/token`: exchanges a grant for an access token (RFC 6749 §3.2).
    static func issueToken(_ call: Call) throws -> Response {
        let (grant, client) = (try grant(call), try call.client())
        guard client.mayUse(grant.type) else {
            throw OAuthError(.unauthorizedClient, "The client is not allowed to use this grant type.")
        }
        let issued = try grant.exchange(call, client, call.body)
        return try TokenIssuer(call).response(issued).response
    }

    /// Returns the grant that the request names.
    private static func grant(_ call: Call) throws -> Grant {
        let name = try call.body.requiredOAuthText("grant_type")
        guard let grant = Grants.offered(by: call.settings).first(where: { $0.type.rawValue == name }) else {
            throw OAuthError(
                .unsupportedGrantType, "The authorization grant type is not supported by the authorization server.")
        }
        return grant
    }
}
