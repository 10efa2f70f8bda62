import OAuth

/// `client_secret_post`: the id and the secret in the body (RFC 6749 §2.3.1).
enum ClientSecretPost {
    static let method = ClientAuthenticationMethod(name: "client_secret_post") { _, parameters in
        guard let secret = try parameters.oauthText("client_secret"),
            let id = try parameters.oauthIdentifier("client_id")
        else { return nil }
        return ClientCredentials(clientID: id, secret: secret)
    }
}
