import Cryptography
import HTTP
import MariaDB

/// What Passport put into a code or a refresh token, readable with `APP_KEY` alone.
struct PassportPayload {
    let clientID: Client.ID
    let userID: User.ID
    let scopes: [String]
    let expiresAt: Timestamp
    private let json: JSON

    /// The member that names the row of a refresh token.
    ///
    /// A row of ours is a digest, by which whoever has read it, and has `APP_KEY`, must not be able to use it: what it is the digest of is in there too.
    var refreshTokenID: RefreshToken.ID? {
        guard let id = RefreshToken.ID(json["refresh_token_id"]) else { return nil }
        guard Self.isPassports(id.rawValue) || json["secret"]?.text.map(Digest.hexadecimal) == id.rawValue else {
            return nil
        }
        return id
    }

    /// The member that names the row of a code, which is never one of ours.
    var codeID: AuthorizationCode.ID? {
        AuthorizationCode.ID(json["auth_code_id"]).flatMap { Self.isPassports($0.rawValue) ? $0 : nil }
    }

    /// Passport's ids have 80 digits, and our digests 64.
    private static func isPassports(_ id: String) -> Bool {
        id.utf8.count == 80
    }

    /// As the authorization request gave it; `nil`: it gave none.
    var redirectURI: String? { json["redirect_uri"]?.text }

    /// What the verifier is compared with; Passport's `plain` challenge is the verifier, so its S256 is that of the verifier.
    var codeChallenge: CodeChallenge? {
        guard let challenge = json["code_challenge"]?.text else { return nil }
        return CodeChallenge(
            stored: json["code_challenge_method"]?.text == "S256"
                ? challenge : Base64URL.encode(Digest.sha256(challenge)))
    }

    /// Reads what was presented; `nil` where it is none of Passport's, or nobody who has the key made it.
    ///
    /// Only where a Passport was adopted can there be one. Reading it takes as long as a password
    /// hash, so it waits its turn like one, and each client has sixty attempts a minute that lead
    /// to nothing, confidential or not: anybody can create a client. Throws 429 and 503.
    static func read(_ presented: String, by client: Client, _ call: Call) throws -> PassportPayload? {
        guard try call.database.isAdopted(), let ciphertext = DefuseCiphertext(presented) else { return nil }
        try admit(client, call)
        let bytes: [UInt8]?
        do {
            bytes = try call.application.hashing.bounded { ciphertext.decrypted(with: call.application.applicationKey) }
        } catch {
            giveBack(client, call)
            throw error
        }
        return bytes.flatMap { JSON(parsing: $0) }.flatMap(PassportPayload.init)
    }

    /// Counts before anything is computed, so that parallel attempts count too.
    private static func admit(_ client: Client, _ call: Call) throws {
        let (count, expiresAt) = try call.cache.increment(
            key(client, call), tags: CacheRepository.throttles, window: 60, now: call.now)
        if count > 60 { throw HTTPError.tooManyAttempts(until: expiresAt, now: call.now) }
    }

    /// Takes an attempt back that led to tokens, since a server has thousands of users, or to 503.
    static func giveBack(_ client: Client, _ call: Call) {
        _ = try? call.cache.decrement(key(client, call), tags: CacheRepository.throttles, now: call.now)
    }

    /// By the owner: a user has up to a hundred clients.
    private static func key(_ client: Client, _ call: Call) -> String {
        "ciphertexts:\(client.userID.map { "user-\($0.rawValue)" } ?? client.id.rawValue)|\(call.request.network)"
    }

    init?(_ json: JSON) {
        guard let client = Client.ID(json["client_id"]), let user = User.ID(json["user_id"]),
            let expiry = json["expire_time"]?.double,
            expiry.magnitude < 1e12, case .array(let scopes)? = json["scopes"]
        else { return nil }
        self.json = json
        clientID = client
        userID = user
        self.scopes = scopes.compactMap(\.text)
        expiresAt = Timestamp(secondsSince1970: Int64(expiry))
    }
}

extension PassportPayload {
    /// A refresh token that a Passport beside us can read, from the secret that it is stored by.
    static func refreshToken(
        _ id: RefreshToken.ID, secret: String, accessToken: AccessToken.ID, of family: RefreshFamily, _ call: Call
    ) throws
        -> String
    {
        let payload: JSON = [
            "client_id": .string(family.clientID.rawValue), "refresh_token_id": .string(id.rawValue),
            "access_token_id": .string(accessToken.rawValue),
            "scopes": JSON(family.scopes), "user_id": family.userID.json,
            "expire_time": .integer(family.expiresAt.seconds),
            "secret": .string(secret),
        ]
        let text = try call.application.hashing.bounded {
            DefuseCiphertext.encrypt(payload.bytes, with: call.application.applicationKey, seed: secret)
        }
        guard let text else { throw HTTPError.serverError }
        return text
    }
}
