import HTTP

/// The target of the answer to an authorization request, with a verified redirect URI.
///
/// Only an error that is found after this verification can be sent there.
struct AuthorizationTarget {
    let redirectURI: RedirectURI
    /// Whether the request named the redirect URI.
    ///
    /// If the request named it, the token request must name it again (RFC 6749 §4.1.3).
    let wasGiven: Bool
    let state: String?
    /// Whether the answer goes into the fragment, as for `response_type=token` (RFC 6749 §4.2.2).
    let inFragment: Bool

    /// The maximum bytes of an encoded state that browsers and servers certainly accept in an
    /// address.
    private static let longestState = 16_000

    /// Finds the client and checks the redirect URI.
    ///
    /// Errors that this function throws are shown to the user. They are never sent to the redirect
    /// URI (RFC 6749 §4.1.2.1).
    static func find(_ parameters: Parameters, _ call: Call) throws -> (client: Client, target: AuthorizationTarget) {
        let id = try parameters.requiredOAuthText("client_id")
        guard let client = try call.clients.findActive(Client.ID(id)), client.internal == nil else {
            throw OAuthError.invalidRequest("client_id", "There is no such client.")
        }
        let registered = client.redirectURIs
        let requested = try parameters.oauthText("redirect_uri")
        let uri: RedirectURI
        if let requested {
            guard registered.contains(where: { $0.matches(requested) }) else {
                throw OAuthError.invalidRequest("redirect_uri", "The redirect URI is not registered for this client.")
            }
            uri = RedirectURI(registered: requested)
        } else {
            guard registered.count == 1, let only = registered.first else {
                throw OAuthError.invalidRequest(
                    "redirect_uri", "The client has more than one redirect URI, or none: the request must name it.")
            }
            uri = only
        }
        // A repeated state must not prevent the redirect that reports an error. That redirect has
        // no state. A state that is too long is sent back with the error.
        let state = try? parameters.oauthText("state", atMost: .max)
        guard PercentEncoding.encode(state ?? "").utf8.count <= Self.longestState else {
            throw OAuthError.invalidRequest("state", "The state parameter is too long to be sent back.")
        }
        let type = (try? parameters.oauthText("response_type")).flatMap {
            AuthorizationRequest.ResponseType(rawValue: $0)
        }
        let inFragment = type == .token && call.settings.allowsImplicitGrant
        return (
            client,
            AuthorizationTarget(redirectURI: uri, wasGiven: requested != nil, state: state, inFragment: inFragment)
        )
    }
}
