import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// Attackers who know more than a stranger after moving in.
///
/// They know a previous key, the rows of the tables, or a previous password.
@Suite(.serialized) struct `An attacker after moving in` {
    private static let stack = Passport12.stack("attacked12", ["PASSWORD_GRANT": "true"])

    private var stack: Stack { Self.stack }

    // MARK: - Attackers who have APP_KEY and have read the rows

    /// Checks that the digest in a row is useless, even inside an encrypted token.
    ///
    /// The rows contain only digests, so an attacker gains nothing by reading them. An encrypted
    /// token that contains a digest as its id must not help the attacker either.
    @Test(arguments: ["as it is", "in capitals", "with a space", "as long as Passport's"])
    func `a refresh token that is forged from its row and APP_KEY is refused`(
        how: String
    ) throws {
        let tokens = stack.tokens(Passport12.alice, Passport12.native)
        let id = Digest.hexadecimal(tokens.refresh)
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_refresh_tokens WHERE id = ? AND revoked = 0", id) == 1)
        let forged = try Passport12.encrypt([
            "client_id": "5", "refresh_token_id": .string(written(id, how)),
            "access_token_id": "x", "scopes": [], "user_id": .integer(1),
            "expire_time": .integer((Stack.now + 3600).seconds),
        ])
        #expect(stack.token(stack.refreshment(forged, Passport12.native)).json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(tokens.access) == 404, "nothing has changed")
        #expect(stack.token(stack.refreshment(tokens.refresh, Passport12.native)).status == 200)
    }

    /// Returns the id in a form that MariaDB considers equal.
    ///
    /// MariaDB compares without case and without spaces at the end.
    private func written(_ id: String, _ how: String) -> String {
        switch how {
        case "in capitals": id.uppercased()
        case "with a space": id + " "
        case "as long as Passport's": id + String(repeating: " ", count: 16)
        default: id
        }
    }

    @Test(arguments: ["as it is", "in capitals", "with a space", "as long as Passport's"])
    func `a code that is forged from its row and APP_KEY is refused`(how: String) throws {
        let code = stack.code(Passport12.alice, Passport12.web)
        let id = Digest.hexadecimal(code)
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_auth_codes WHERE id = ? AND revoked = 0", id) == 1)
        let forged = try Passport12.encrypt([
            "client_id": "4", "auth_code_id": .string(written(id, how)), "scopes": [],
            "redirect_uri": .string(Passport12.web.redirectURI), "user_id": .integer(1),
            "expire_time": .integer((Stack.now + 600).seconds),
        ])
        #expect(stack.token(stack.redemption(forged, Passport12.web)).json?["error"] == "invalid_grant")
        #expect(stack.token(stack.redemption(code, Passport12.web)).status == 200)
    }

    /// Checks that only the current key is accepted for Laravel's `laravel_token`.
    ///
    /// This token has no row, and Laravel's own guard reads it with the current key only.
    @Test func `a laravel_token under a previous key is refused`() throws {
        let old = ApplicationKey.generate()
        let after = stack.again([
            "TOKEN_PROFILE": "passport", "KEYS_PATH": stack.environment["KEYS_PATH"] ?? "",
            "APP_KEY": Passport12.applicationKey,
            "APP_PREVIOUS_KEYS": old,
        ])
        defer { after.stop() }
        func status(with key: String) throws -> Int {
            let key = try #require(ApplicationKey(key))
            let claims: JSON = [
                "sub": .integer(1), "csrf": "of my own", "expiry": .integer((Stack.now + 3600).seconds),
            ]
            let token = JSONWebSignature.compact(
                header: Array(#"{"typ":"JWT","alg":"HS256"}"#.utf8), payload: claims.bytes,
                sign: key.signingKeysOfLaravel[0].sign)
            let script = after.consumer()
            script.cookies["laravel_token"] = PercentEncoding.encode(
                try #require(LaravelCookie.encrypt(token, name: "laravel_token", with: key)))
            return script.send("GET", "/api/users?name=Alice", fields: [("X-CSRF-TOKEN", "of my own")]).status
        }
        #expect(try status(with: Passport12.applicationKey) == 200)
        #expect(try status(with: old) == 401)
    }

    // MARK: - Attackers who have a refresh token with an expired access token

    @Test
    func
        `an application whose access token has expired is listed while its refresh token lives, and withdrawn with it`()
        throws
    {
        try stack.connection().execute("UPDATE oauth_access_tokens SET revoked = 1 WHERE client_id = 4")
        try stack.connection().execute("UPDATE oauth_refresh_families SET revoked = 1 WHERE client_id = 4")
        let token = try Passport12.issueRefreshToken(in: stack, accessTokenExpiresIn: -100)
        #expect(try stack.console("purge").status == 0)
        let script = stack.script(of: Passport12.alice)
        guard case .array(let applications)? = script.get("/account").json?["applications"] else {
            return #expect(Bool(false))
        }
        #expect(applications.contains { $0["client_id"] == .integer(4) })
        #expect(script.delete("/account/applications/4").status == 204)
        #expect(stack.token(stack.refreshment(token, Passport12.web)).json?["error"] == "invalid_grant")
        let row: SQL = "SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE id = ?"
        let accessToken = try #require(Passport12.payload(of: token)?["access_token_id"]?.text)
        #expect(stack.count(row, accessToken) == 1)
        #expect(try stack.console("purge").status == 0)
        #expect(stack.count(row, accessToken) == 0, "nobody needs it any more")
    }

    @Test func `a changed password ends a refresh token of the password grant whose access token has expired`() throws {
        let own = Passport12.stack("yesterday12", ["PASSWORD_GRANT": "true"])
        defer { own.stop() }
        let client = Passport12.passwordClient
        let token = try Passport12.issueRefreshToken(in: own, to: client, accessTokenExpiresIn: -100)
        #expect(try own.console("purge").status == 0)
        #expect(try own.console("user", "password", Passport12.alice.email, input: "another one\n").status == 0)
        #expect(own.token(own.refreshment(token, client)).json?["error"] == "invalid_grant")
    }

    // MARK: - Database users who cannot see all tables

    @Test func `a database user who cannot see consulate_adoptions does not treat Passport's tables as Consulate's`()
        throws
    {
        try stack.connection().execute("UPDATE oauth_clients SET provider = 'admins' WHERE id = 21")
        try Folder.mariaDB.query(
            """
            CREATE USER IF NOT EXISTS shortsighted@localhost;
            GRANT SELECT ON attacked12.consulate_clients TO shortsighted@localhost;
            GRANT SELECT ON attacked12.oauth_clients TO shortsighted@localhost;
            GRANT SELECT ON attacked12.consulate_migrations TO shortsighted@localhost;
            """)
        let connection = Connection(
            to: DatabaseServer(socket: Folder.mariaDB.socket, database: "attacked12", username: "shortsighted"))
        #expect(try connection.row("SELECT name FROM consulate_clients WHERE id = 4") != nil)
        #expect(try connection.row("SELECT name FROM consulate_clients WHERE id = 21") == nil)
    }
}
