import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// The data of a running Passport 12: its tables, its keys, and the tokens and code that it issued.
enum Passport12 {
    static let folder = URL(filePath: #filePath).appending(path: "../passport-12").standardizedFileURL
    static let issued = read("issued.json").flatMap { JSON(parsing: Array($0.utf8)) } ?? .null
    static let applicationKey = String(
        read("laravel.env")?.split(separator: "\n").first?.dropFirst("APP_KEY=".count) ?? "")

    static let alice = Person(id: "1", name: "Alice", email: "alice@example.com", password: "secret123")
    static let bob = Person(id: "2", name: "Bob", email: "bob@example.com", password: "secret123")
    static let passwordClient = client("2", redirectURI: "")
    static let machine = client("3", redirectURI: "")
    static let web = client("4", redirectURI: "http://localhost:9999/callback")
    static let native = client("5", redirectURI: "http://localhost:9999/spa")
    /// The client with a secret that is stored as bcrypt.
    static let hashed = Application(id: "19", secret: "HCfL0mkliSVn3USRMhEXmMb60cc2a1UaxYjM0AcQ", redirectURI: "")

    private static func client(_ id: String, redirectURI: String) -> Application {
        let secret = issued["clients"]?[id]?.text ?? ""
        return Application(id: id, secret: secret.isEmpty ? nil : secret, redirectURI: redirectURI)
    }

    private static func read(_ file: String) -> String? {
        try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    /// Starts Consulate on a copy of Passport's tables, with Passport's keys.
    static func stack(_ name: String, _ settings: [String: String] = [:]) -> Stack {
        let keys = Folder.root.appending(path: "\(name)-keys")
        try! load(into: name)
        try! copyKeys(to: keys)
        let shared = ["KEYS_PATH": keys.path(), "APP_KEY": applicationKey, "TOKEN_PROFILE": "passport"]
        return Stack.start(name, settings: shared.merging(settings) { _, own in own })
    }

    /// Copies Passport's keys into a folder, as Passport stores them.
    static func copyKeys(to keys: URL) throws {
        try FileManager.default.createDirectory(at: keys, withIntermediateDirectories: true)
        for key in ["oauth-private.key", "oauth-public.key"] {
            let copy = keys.appending(path: key)
            try Data(contentsOf: folder.appending(path: key)).write(to: copy)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy.path())
        }
    }

    /// Returns the content of a code or a refresh token that is encrypted with Passport's key.
    static func payload(of token: String) -> JSON? {
        ApplicationKey(applicationKey).flatMap { DefuseCiphertext(token)?.decrypted(with: $0) }.flatMap {
            JSON(parsing: $0)
        }
    }

    /// Returns a code or a refresh token with this content, encrypted with Passport's key.
    static func encrypt(_ payload: JSON) throws -> String {
        let key = try #require(ApplicationKey(applicationKey))
        return try #require(DefuseCiphertext.encrypt(payload.bytes, with: key, seed: Random.token()))
    }

    /// Issues a refresh token of Alice as Passport does, with its rows.
    ///
    /// Times are in seconds.
    static func issueRefreshToken(
        in stack: Stack, to client: Application = web, scope: String = "place-orders", expiresIn: Int = 3600,
        accessTokenExpiresIn: Int? = nil
    ) throws -> String {
        let (id, access) = (Hexadecimal.encode(Random.bytes(40)), Hexadecimal.encode(Random.bytes(40)))
        let expiry = Stack.now + expiresIn
        let connection = stack.connection()
        try connection.execute(
            """
            INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                expires_at)
            VALUES (?, 1, ?, ?, 0, ?, ?, ?)
            """, access, client.id, #"["\#(scope)"]"#, Stack.now, Stack.now,
            Stack.now + (accessTokenExpiresIn ?? expiresIn))
        try connection.execute(
            "INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at) VALUES (?, ?, 0, ?)", id,
            access, expiry)
        return try encrypt([
            "client_id": .string(client.id), "refresh_token_id": .string(id), "access_token_id": .string(access),
            "scopes": [.string(scope)],
            "user_id": .integer(1), "expire_time": .integer(expiry.seconds),
        ])
    }

    /// Returns the id of the row of a refresh token.
    static func rowID(of token: String) -> String { payload(of: token)?["refresh_token_id"]?.text ?? "" }

    /// Moves every rotation one hour into the past.
    ///
    /// After that time, Consulate no longer assumes that a client lost its answer.
    static func letTimePass(in stack: Stack) throws {
        try stack.connection().execute("UPDATE oauth_refresh_tokens SET rotated_at = rotated_at - INTERVAL 1 HOUR")
    }

    /// Creates a database and fills it from the dump.
    static func load(into database: String) throws {
        try Folder.mariaDB.query("CREATE DATABASE `\(database)` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        try Folder.mariaDB.query(read("dump.sql") ?? "", database: database)
    }

    /// Returns an access token that Passport issued.
    static func accessToken(_ name: String) -> String {
        (issued[name]?["access_token"] ?? issued[name]?["accessToken"])?.text ?? ""
    }

    /// Returns a refresh token that Passport issued.
    static func refreshToken(_ name: String) -> String {
        issued[name]?["refresh_token"]?.text ?? ""
    }
}
