import HTTP
import HTTPTypes

extension Endpoint {
    static let verify = Endpoint(
        """
        Protects other applications behind the same nginx: `include consulate/protect.conf` in a `location` admits only requests whose bearer token has the scopes of \
        `set $consulate_scope` if they are set, and passes `X-Token-Id`, `X-User-Id`,
            `X-Client-Id` and `X-Scopes` to the application, whatever the caller sent under these names. \
        The next request with a revoked token is refused.
        """,
        answers: [
            .init(
                .noContent, "The token is valid. A client's own token has no `X-User-Id`.",
                fields: [.tokenID, .userID, .clientID, .scopes])
        ],
        refuses: [
            .init(.bearer("invalid_token"), "The token is missing or not valid."),
            .init(.insufficientScope(["place-orders"]), "The token lacks a scope."),
        ], isInternal: true)

    static let health = Endpoint("Whether the database answers.", answers: [.init(.ok, "It does.", ["status": "ok"])])

    static let keySet = Endpoint(
        "Every key that verifies tokens (RFC 7517), except Passport's, which are in the next document.",
        answers: [
            .init(
                .ok, "The keys.",
                [
                    "keys": [
                        [
                            "kid": "y1e8Jv0nW3h5cQm4Zb2uWk7pXo6sR9tLfGdAqEiUvBY", "use": "sig", "alg": "ES256",
                            "kty": "EC", "crv": "P-256",
                            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
                        ]
                    ]
                ])
        ], isFixed: true)

    static let passportKeySet = Endpoint(
        "The keys of access tokens in Passport's form (RFC 7517). These keys sign no other tokens.",
        answers: [
            .init(
                .ok, "The keys. The list can be empty.",
                [
                    "keys": [
                        [
                            "kid": "Yq3vK8sWm1nT0aXr5dLh7ZfJc2uEoGpB9iVtNyRk4Qw", "use": "sig", "alg": "RS256",
                            "e": "AQAB",
                            "kty": "RSA", "n": "wq4eTz81mVb2nXoJ0kCu7yQfRl9sHdGpA3iMxWt6ZjEK…",
                        ]
                    ]
                ])
        ], isFixed: true)

    static let metadata = Endpoint(
        "The capabilities of this authorization server (RFC 8414).",
        answers: [
            .init(.ok, "The metadata; the example is from this server.", from: MetadataController.document)
        ], isFixed: true)

    static let documentation = Endpoint(
        "This reference.", answers: [.init(.ok, "The page.", type: "text/html")], isFixed: true)
    static let collection = Endpoint(
        "This reference as a Postman collection.",
        answers: [.init(.ok, "The collection.", ["info": ["name": "Consulate API"], "item": [], "variable": []])],
        isFixed: true)
    static let openAPI = Endpoint(
        "This reference as an OpenAPI document.",
        answers: [
            .init(
                .ok, "The document.",
                ["openapi": "3.1.0", "info": ["title": "Consulate API", "version": "1"], "paths": [:]])
        ], isFixed: true)
}
