import OAuth

/// `none`: only the id in the body, from a client without a secret (RFC 6749 §3.2.1).
enum PublicClient {
    static let method = ClientAuthenticationMethod(name: "none", isProof: false) { _, parameters in
        try parameters.oauthIdentifier("client_id").map { ClientCredentials(clientID: $0, secret: nil) }
    }
}
