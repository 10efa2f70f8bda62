import HTTP
import HTTPTypes
import OAuth

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
        let types = settings.responseTypes
        var document: JSON = [
            "issuer": .string(issuer),
            "authorization_endpoint": .string(issuer + "/oauth/authorize"),
            "token_endpoint": .string(issuer + "/oauth/token"),
            "jwks_uri": .string(issuer + "/.well-known/jwks.json"),
            "service_documentation": .string(issuer + "/docs"),
        ]
        if !settings.scopes.all.isEmpty { document.append("scopes_supported", JSON(settings.scopes.all.map(\.id))) }
        document.append("response_types_supported", JSON(types.map(\.rawValue)))
        document.append("response_modes_supported", JSON(types.map(\.mode.rawValue)))
        document.append(
            "grant_types_supported",
            JSON(
                (Grants.offered(by: settings).map(\.type) + types.map(\.grant)).map(\.rawValue).reduce(into: [String]())
                {
                    if !$0.contains($1) { $0.append($1) }
                }))
        document.append("token_endpoint_auth_methods_supported", JSON(ClientAuthentication.methods.map(\.name)))
        document.append("code_challenge_methods_supported", ["S256"])
        document.append("authorization_response_iss_parameter_supported", true)
        return document
    }
}
