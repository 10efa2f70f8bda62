import HTTP
import OAuth
import Storage

/// The user's denial of an authorization request.
enum DenyAuthorizationController {
    /// `DELETE /oauth/authorize`: tells the client that the user denied the request
    /// (RFC 6749 §4.1.2.1).
    static func deny(_ call: Call) throws -> Response {
        let user = try call.user()
        let refuse = { (pending: PendingAuthorization, _: String) in
            AuthorizationResponse.refuse(
                OAuthError(
                    .accessDenied, "The resource owner or authorization server denied the request.",
                    hint: "The user denied the request"),
                pending.request.target, call)
        }
        return try Decision.take(
            .deny, call,
            first: { pending, authToken in
                try call.change(.denied, user: user.id, client: Client.ID(pending.request.clientID)) { _ in
                    refuse(pending, authToken)
                }
            }, again: refuse)
    }
}
