import Cryptography
import HTTP
import MariaDB
import OAuth
import Storage

// The models in the examples.
// The serialisers write them, so that no example can differ from an answer.

extension Timestamp {
    static let sample = Timestamp(secondsSince1970: 1_795_000_000)
}

extension Scope {
    static let sample = Scope(id: "place-orders", description: "Place orders")
}

extension User {
    static let sample = User(
        id: ID("1"), name: "Ada", email: "ada@example.com", password: PasswordHash(""), createdAt: .sample,
        updatedAt: .sample)
}

extension Client {
    static let sampleSecret = "nVf2W1UqBqzKZb1KqGZ0bXg8hC0tqk7yY5m3oR2d"

    static let sample = Client(
        id: ID("9d2c6a4e-6f1b-4f0e-9f0a-0b6f3f1c2d3e"), userID: User.sample.id,
        metadata: ClientMetadata(
            clientName: "Shop", redirectURIs: "https://shop.example/callback", grantTypes: nil),
        secret: nil, provider: nil, isOfUsers: true, isPersonalAccessClient: false, isPasswordClient: false,
        isRevoked: false, internal: nil, createdAt: .sample, updatedAt: .sample)
}

extension AccessToken {
    static let sampleText =
        "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIxIn0.k3f0J8xS0b4m0wGk3bq0pQ1sVb7g2hZ9yq4c6n8r5tU"
    static let sampleRefreshToken = "n3b6o7bWJbQx1c8y0h8VZ2m6pR4tKx9sLq5wE7uYdAo"

    static let sample = AccessToken(
        id: ID("019a2f6c1b7e5d3c9f0a1b2c3d4e5f60718293a4b5c6"), userID: User.sample.id, clientID: Client.sample.id,
        name: nil,
        scopes: [Scope.sample.id],
        isRevoked: false, createdAt: .sample, updatedAt: .sample, expiresAt: .sample + 3600,
        grantType: .authorizationCode, familyID: nil)

    static let personalSample = AccessToken(
        id: sample.id, userID: User.sample.id, clientID: Client.sample.id, name: "Backup", scopes: [Scope.sample.id],
        isRevoked: false,
        createdAt: .sample,
        updatedAt: .sample, expiresAt: .sample + 86_400, grantType: .personalAccess, familyID: nil)
}

extension TokenResponse {
    static let sample = TokenResponse(
        accessToken: AccessToken.sampleText, expiresIn: 3600, refreshToken: AccessToken.sampleRefreshToken,
        scopes: [Scope.sample.id])
    static let signInSample = TokenResponse(
        accessToken: AccessToken.sampleText, expiresIn: 3600, refreshToken: AccessToken.sampleRefreshToken,
        scopes: ["*"])
}

extension AuthorizedApplication {
    static let sample = AuthorizedApplication(
        clientID: Client.sample.id, name: Client.sample.name, scopes: [Scope.sample.id], since: .sample,
        lastUsedAt: .sample)
}

extension AccountSession {
    static let sample = AccountSession(
        id: Digest.hexadecimal("sample"), client: nil, isOfSignIn: false, address: "192.0.2.7", userAgent: "curl/8.5.0",
        createdAt: .sample,
        lastSeenAt: .sample)
}
