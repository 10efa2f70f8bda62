import HTTP
import OAuth
import Storage

/// The token endpoint.
enum AccessTokenController {
    /// `POST /oauth/token`: exchanges a grant for an access token (RFC 6749 §3.2).
    static func issueToken(_ call: Call) throws -> Response {
        let parameters = try call.body
        let name = try parameters.requiredOAuthText("grant_type")
        guard let grant = Grants.offered(by: call.settings).first(where: { $0.type.rawValue == name }) else {
            throw OAuthError(
                .unsupportedGrantType, "The authorization grant type is not supported by the authorization server.")
        }
        let client = try ClientAuthentication.authenticate(call, parameters)
        guard client.mayUse(grant.type) else {
            throw OAuthError(.unauthorizedClient, "The client is not allowed to use this grant type.")
        }
        let issued = try grant.exchange(call, client, parameters)
        return try TokenIssuer(call).response(issued).response
    }
}
