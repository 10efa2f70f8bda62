import HTTP
import HTTPTypes

extension Endpoint {
    private static let nobodysToken = Refusal(.notFound, "There is no such token, or it is somebody else's.")
    private static let nobodysClient = Refusal(.notFound, "There is no such client, or it is somebody else's.")
    private static let tokenID = Parameter(
        "token_id", in: .path, "The id of the token.", .variable("TOKEN_ID", like: AccessToken.sample.id.rawValue))
    private static let personalTokenID = Parameter(
        "token_id", in: .path, "The id of the personal access token.",
        .variable("PERSONAL_TOKEN_ID", like: AccessToken.sample.id.rawValue))

    static let tokens = Endpoint(
        "Lists the live access tokens that other people's applications hold for the user, each with its client, a thousand at a time: `Link` has the address of the next ones.",
        takes: [.page],
        answers: [
            .init(
                .ok, "The tokens, never with the token itself.",
                [AccessToken.sample.json(withClient: Client.sample.json)])
        ], refuses: [.noPortion])

    static let destroyToken = Endpoint(
        "Revokes an access token and, with the grant that it came from, its refresh token.", takes: [tokenID],
        answers: [.init(.noContent, "It is revoked."), .back], refuses: [nobodysToken])

    static let refreshTransientToken = Endpoint(
        "Sets the cookie `laravel_token`, by which pages of ours call `/api/*` with the CSRF token.",
        answers: [.init(.ok, "The cookie is set; the body is `Refreshed.`", type: "text/html")])

    static let clients = Endpoint(
        "Lists the user's own clients by name, without their secrets, a thousand at a time: `Link` has the address of the next ones.",
        takes: [.page],
        answers: [.init(.ok, "The clients.", [Client.sample.json])], refuses: [.noPortion])

    static let storeClient = Endpoint(
        "Registers a client for authorization codes and refresh tokens.",
        takes: [.clientName, .redirect, .confidential],
        answers: [
            .init(
                .created, "The client, with its secret: this is the only time that it is shown.",
                Client.sample.json(withSecret: Client.sampleSecret))
        ], refuses: [.init(.unprocessable([("name", [.required])]), "A field is missing or wrong.")])

    static let updateClient = Endpoint(
        "Changes the name and the redirect URIs of a client of one's own.", takes: [.clientID, .clientName, .redirect],
        answers: [.init(.ok, "The client as it is now.", Client.sample.json), .back],
        refuses: [nobodysClient, .init(.unprocessable([("name", [.required])]), "A field is missing or wrong.")])

    static let destroyClient = Endpoint(
        "Revokes a client together with everything that was issued to it.", takes: [.clientID],
        answers: [.init(.noContent, "It is revoked."), .back], refuses: [nobodysClient])

    static let rotateSecret = Endpoint(
        "Replaces the secret of a client of one's own; the old one stops working at once.", takes: [.clientID],
        answers: [
            .init(
                .ok, "The client, with its new secret: this is the only time that it is shown.",
                Client.sample.json(withSecret: Client.sampleSecret))
        ], refuses: [nobodysClient, .init(.forbidden, "A public client has no secret.")])

    static let scopes = Endpoint(
        "Lists what can be asked for.",
        answers: [.init(.ok, "The scopes, as they are configured.", [Scope.sample.json])])

    static let personalTokens = Endpoint(
        "Lists the user's personal access tokens, each with its client, a thousand at a time: `Link` has the address of the next ones.",
        takes: [.page],
        answers: [
            .init(
                .ok, "The tokens, never with the token itself.",
                [AccessToken.personalSample.json(withClient: Client.sample.json)])
        ],
        refuses: [.noPortion])

    static let storePersonalToken = Endpoint(
        "Makes a personal access token; no client has to be set up for it.",
        takes: [.tokenName, .personalScopes, .lifetime],
        answers: [
            .init(
                .ok, "The token, which is shown this once, and its entry.",
                ["accessToken": .string(AccessToken.sampleText), "token": AccessToken.personalSample.json])
        ], refuses: [.init(.unprocessable([("name", [.required])]), "A field is missing or wrong.")])

    static let destroyPersonalToken = Endpoint(
        "Revokes a personal access token.", takes: [personalTokenID],
        answers: [.init(.noContent, "It is revoked."), .back], refuses: [nobodysToken])
}
