import Cryptography
import HTTP
import MariaDB
import OAuth
import Storage

/// The content of a code or refresh token from Passport, readable only with `APP_KEY`.
struct PassportPayload {
    let clientID: Client.ID
    let userID: User.ID
    let scopes: [String]
    let expiresAt: Timestamp
    private let json: JSON

    /// The member that names the row of a refresh token.
    ///
    /// The id of our own row is a digest. A person who has read the row and has `APP_KEY` must not
    /// be able to use that digest as a token. The payload must therefore also contain the secret
    /// behind the digest.
    var refreshTokenID: RefreshToken.ID? {
        guard let id = RefreshToken.ID(json["refresh_token_id"]) else { return nil }
        guard Self.isPassports(id.rawValue) || json["secret"]?.text.map(Digest.hexadecimal) == id.rawValue else {
            return nil
        }
        return id
    }

    /// The member that names the row of a code.
    ///
    /// It never names a row of one of our own codes.
    var codeID: AuthorizationCode.ID? {
        AuthorizationCode.ID(json["auth_code_id"]).flatMap { Self.isPassports($0.rawValue) ? $0 : nil }
    }

    /// Returns whether an id is Passport's: its ids have 80 digits, and our digests have 64.
    private static func isPassports(_ id: String) -> Bool {
        id.utf8.count == 80
    }

    /// The redirect URI of the authorization request, or `nil` if the request named none.
    var redirectURI: String? { json["redirect_uri"]?.text }

    /// The challenge that the verifier must match.
    ///
    /// A `plain` challenge of Passport is the verifier itself, so its `S256` challenge is the
    /// digest of the verifier.
    var codeChallenge: CodeChallenge? {
        guard let challenge = json["code_challenge"]?.text else { return nil }
        return CodeChallenge(
            stored: json["code_challenge_method"]?.text == "S256"
                ? challenge : Base64URL.encode(Digest.sha256(challenge)))
    }

    /// Decrypts the presented text.
    ///
    /// Returns `nil` if the text does not have Passport's form, or if it was not created with the
    /// key. A payload can exist only where a Passport was adopted.
    ///
    /// Decryption takes as long as a password hash, so it waits for its turn like a password hash.
    /// The clients of one owner share sixty failed attempts a minute from one network, because
    /// anybody can create a client. Throws 429 and 503.
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

    /// Counts the attempt before the computation, so that parallel attempts count too.
    private static func admit(_ client: Client, _ call: Call) throws {
        let (count, expiresAt) = try call.cache.increment(
            key(client, call), tags: CacheRepository.throttles, window: 60, now: call.now)
        if count > 60 { throw HTTPError.tooManyAttempts(until: expiresAt, now: call.now) }
    }

    /// Removes an attempt from the count if it led to tokens or to 503.
    ///
    /// A client can be a server with thousands of users, so its successful attempts must not count.
    static func giveBack(_ client: Client, _ call: Call) {
        _ = try? call.cache.decrement(key(client, call), tags: CacheRepository.throttles, now: call.now)
    }

    /// Returns the key of the count, which all clients of one owner share.
    ///
    /// A user has up to a hundred clients.
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
    /// Creates a refresh token that a Passport beside us can read.
    ///
    /// It contains the secret from which the id of its row is derived.
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
