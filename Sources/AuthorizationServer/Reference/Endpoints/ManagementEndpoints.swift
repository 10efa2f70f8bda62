import HTTP
import HTTPTypes
import OAuth
import Storage

extension Endpoint {
    private static let nobodysToken = Refusal(.notFound, "The token does not exist, or it belongs to another user.")
    private static let nobodysClient = Refusal(.notFound, "The client does not exist, or it belongs to another user.")
    private static let tokenID = Input(
        "token_id", in: .path, "The id of the token.", .variable("TOKEN_ID", like: AccessToken.sample.id.rawValue))
    private static let personalTokenID = Input(
        "token_id", in: .path, "The id of the personal access token.",
        .variable("PERSONAL_TOKEN_ID", like: AccessToken.sample.id.rawValue))

    static let tokens = Endpoint(
        "Lists the live access tokens that other people's applications have for the user, with their clients. One answer has a thousand at most; `Link` has the address of the next page.",
        takes: [.page],
        answers: [
            .init(
                .ok, "The entries of the tokens, without the tokens themselves.",
                [AccessToken.sample.json(withClient: Client.sample.json)])
        ], refuses: [.noPortion])

    static let destroyToken = Endpoint(
        "Revokes an access token, the grant that it came from, and its refresh token.", takes: [tokenID],
        answers: [.init(.noContent, "It has been revoked."), .back], refuses: [nobodysToken])

    static let refreshTransientToken = Endpoint(
        "Sets the cookie `laravel_token`. With it and the CSRF token, pages of this host call `/api/*`.",
        answers: [.init(.ok, "The cookie is set; the body is `Refreshed.`", type: "text/html")])

    static let clients = Endpoint(
        "Lists the user's own clients by name, without their secrets. One answer has a thousand at most; `Link` has the address of the next page.",
        takes: [.page],
        answers: [.init(.ok, "The clients.", [Client.sample.json])], refuses: [.noPortion])

    static let storeClient = Endpoint(
        "Registers a client for authorization codes and refresh tokens.",
        takes: [.clientName, .redirect, .confidential],
        answers: [
            .init(
                .created, "The client with its secret. Only this answer shows the secret.",
                Client.sample.json(withSecret: Client.sampleSecret))
        ], refuses: [.init(.unprocessable([("name", [.required])]), "A field is missing or wrong.")])

    static let updateClient = Endpoint(
        "Changes the name and the redirect URIs of one of the user's own clients.",
        takes: [.clientID, .clientName, .redirect],
        answers: [.init(.ok, "The client as it is now.", Client.sample.json), .back],
        refuses: [nobodysClient, .init(.unprocessable([("name", [.required])]), "A field is missing or wrong.")])

    static let destroyClient = Endpoint(
        "Revokes a client together with everything that was issued to it.", takes: [.clientID],
        answers: [.init(.noContent, "It has been revoked."), .back], refuses: [nobodysClient])

    static let rotateSecret = Endpoint(
        "Replaces the secret of one of the user's own clients. The old secret stops working at once.",
        takes: [.clientID],
        answers: [
            .init(
                .ok, "The client with its new secret. Only this answer shows the secret.",
                Client.sample.json(withSecret: Client.sampleSecret))
        ], refuses: [nobodysClient, .init(.forbidden, "A public client has no secret.")])

    static let scopes = Endpoint(
        "Lists the scopes that a client can request.",
        answers: [.init(.ok, "The scopes, as they are configured.", [Scope.sample.json])])

    static let personalTokens = Endpoint(
        "Lists the user's personal access tokens, with their clients. One answer has a thousand at most; `Link` has the address of the next page.",
        takes: [.page],
        answers: [
            .init(
                .ok, "The entries of the tokens, without the tokens themselves.",
                [AccessToken.personalSample.json(withClient: Client.sample.json)])
        ],
        refuses: [.noPortion])

    static let storePersonalToken = Endpoint(
        "Creates a personal access token. It needs no client of the user's own.",
        takes: [.tokenName, .personalScopes, .lifetime],
        answers: [
            .init(
                .ok, "The token and its entry. Only this answer shows the token.",
                ["accessToken": .string(AccessToken.sampleText), "token": AccessToken.personalSample.json])
        ], refuses: [.init(.unprocessable([("name", [.required])]), "A field is missing or wrong.")])

    static let destroyPersonalToken = Endpoint(
        "Revokes a personal access token.", takes: [personalTokenID],
        answers: [.init(.noContent, "It has been revoked."), .back], refuses: [nobodysToken])
}
