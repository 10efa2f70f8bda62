import HTTP
import HTTPTypes

/// The metadata that this server publishes about itself.
enum MetadataController {
    /// `GET /.well-known/oauth-authorization-server`: returns the metadata of the features that are
    /// switched on (RFC 8414 §2).
    static func show(_ call: Call) throws -> Response {
        .json(document(call.settings), fields: [.cacheControl: "public, max-age=300"])
    }

    /// Returns the document, which describes only the features that are switched on.
    static func document(_ settings: Settings) -> JSON {
        let issuer = settings.issuer
        let implicit = settings.allowsImplicitGrant
        var document: JSON = [
            "issuer": .string(issuer),
            "authorization_endpoint": .string(issuer + "/oauth/authorize"),
            "token_endpoint": .string(issuer + "/oauth/token"),
            "jwks_uri": .string(issuer + "/.well-known/jwks.json"),
            "service_documentation": .string(issuer + "/docs"),
        ]
        if !settings.scopes.all.isEmpty { document.append("scopes_supported", JSON(settings.scopes.all.map(\.id))) }
        document.append("response_types_supported", JSON(implicit ? ["code", "token"] : ["code"]))
        document.append("response_modes_supported", JSON(implicit ? ["query", "fragment"] : ["query"]))
        document.append(
            "grant_types_supported",
            JSON(GrantType.offered(by: settings).map(\.rawValue) + (implicit ? [GrantType.implicit.rawValue] : [])))
        document.append("token_endpoint_auth_methods_supported", ["client_secret_basic", "client_secret_post", "none"])
        document.append("code_challenge_methods_supported", ["S256"])
        document.append("authorization_response_iss_parameter_supported", true)
        return document
    }
}
