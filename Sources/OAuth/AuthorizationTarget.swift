import HTTP

/// The target of the answer to an authorization request, with a verified redirect URI.
///
/// Only an error that is found after this verification can be sent there.
package struct AuthorizationTarget: Sendable, Equatable {
    package let redirectURI: RedirectURI
    /// Whether the request named the redirect URI.
    ///
    /// If the request named it, the token request must name it again (RFC 6749 §4.1.3).
    package let wasGiven: Bool
    package let state: String?
    package let mode: ResponseMode

    /// The maximum bytes of an encoded state that browsers and servers certainly accept in an
    /// address.
    private static let longestState = 16_000

    /// Creates the target of a request that was checked before.
    package init(redirectURI: RedirectURI, wasGiven: Bool, state: String?, mode: ResponseMode) {
        self.redirectURI = redirectURI
        self.wasGiven = wasGiven
        self.state = state
        self.mode = mode
    }

    /// Checks the redirect URI and the state of a request.
    ///
    /// Errors that this initializer throws are shown to the user. They are never sent to the
    /// redirect URI (RFC 6749 §4.1.2.1).
    package init(
        _ parameters: Parameters, registered: [RedirectURI], responseTypes: [AuthorizationRequest.ResponseType]
    )
        throws(OAuthError)
    {
        let requested = try parameters.oauthText("redirect_uri")
        redirectURI = try Self.redirectURI(requested, registered: registered)
        wasGiven = requested != nil
        // A repeated state must not prevent the redirect that reports an error. That redirect has
        // no state. A state that is too long is sent back with the error.
        state = try? parameters.oauthText("state", atMost: .max)
        guard PercentEncoding.encode(state ?? "").utf8.count <= Self.longestState else {
            throw .invalidRequest("state", "The state parameter is too long to be sent back.")
        }
        let type = (try? parameters.oauthText("response_type")).flatMap { text in
            responseTypes.first { $0.rawValue == text }
        }
        mode = type?.mode ?? .query
    }

    private static func redirectURI(_ requested: String?, registered: [RedirectURI]) throws(OAuthError) -> RedirectURI {
        if let requested {
            guard registered.contains(where: { $0.matches(requested) }) else {
                throw .invalidRequest("redirect_uri", "The redirect URI is not registered for this client.")
            }
            return RedirectURI(registered: requested)
        }
        guard registered.count == 1, let only = registered.first else {
            throw .invalidRequest(
                "redirect_uri", "The client has more than one redirect URI, or none: the request must name it.")
        }
        return only
    }
}
