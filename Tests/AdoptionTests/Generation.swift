import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// A schema that one version of Passport creates, with a user, clients and tokens in it.
struct Generation: Sendable, CustomTestStringConvertible {
    var name: String
    /// The type of `users.id`, followed by an id of this type.
    var userType = "bigint(20) unsigned"
    var alice = "1"
    /// The type of `oauth_clients.id`, followed by ids of this type.
    var clientType = "bigint(20) unsigned"
    var web = "4"
    var native = "5"
    var personal = "1"
    var tokenType = "varchar(100)"
    var secretIsNullable = true
    var hasProvider = true
    var isThirteen = false
    /// Whether somebody has added `grant_types`, which Passport before 13 respects if it exists.
    var hasGrants = false
    var prefix = ""
    var keepsDeletedUsers = false
    /// The server of the database.
    var mariaDB = Folder.mariaDB

    var testDescription: String { name }

    private static let uuids = [
        "9a7d0001-0000-4000-8000-000000000001", "9a7d0001-0000-4000-8000-000000000004",
        "9a7d0001-0000-4000-8000-000000000005",
    ]

    /// Returns the schema of Passport 13 with UUIDs, as Laravel creates it today.
    static func thirteen(_ name: String, ids: String = "char(36)", keepsDeletedUsers: Bool = false) -> Generation {
        Generation(
            name: name, userType: ids, alice: "9a7d0002-0000-4000-8000-000000000001", clientType: ids, web: uuids[1],
            native: uuids[2],
            personal: uuids[0], tokenType: "char(80)", isThirteen: true, keepsDeletedUsers: keepsDeletedUsers)
    }

    static let all = [
        Generation(
            name: "passport7", userType: "int(10) unsigned", clientType: "int(10) unsigned", secretIsNullable: false,
            hasProvider: false),
        Generation(name: "passport8", hasProvider: false),
        Generation(name: "passport9"),
        Generation(name: "passport10grants", hasGrants: true),
        Generation(
            name: "passport12uuids", clientType: "char(36)", web: uuids[1], native: uuids[2], personal: uuids[0]),
        Generation(
            name: "passport12ulids", userType: "char(26)", alice: "01jd8v7z3m0000000000000001", clientType: "char(36)",
            web: uuids[1],
            native: uuids[2], personal: uuids[0], keepsDeletedUsers: true),
        Generation(name: "passport12prefix", prefix: "shop_"),
        Generation(name: "passport12ourprefix", prefix: "consulate_"),
        Generation(
            name: "passport13", clientType: "char(36)", web: uuids[1], native: uuids[2], personal: uuids[0],
            tokenType: "char(80)", isThirteen: true),
        thirteen("passport13uuids", keepsDeletedUsers: true),
        // Laravel 11 and later, on a MariaDB that has the type `uuid`.
        thirteen("passport13native", ids: "uuid"),
        // A schema with numeric client ids.
        Generation(name: "passport13numbers", tokenType: "char(80)", isThirteen: true),
    ]

    static let password = "secret123"
    static let secret = "a secret of forty characters, as it was."

    var person: Person { Person(id: alice, name: "Alice", email: "alice@example.com", password: Self.password) }
    var confidential: Cast.Application {
        Application(id: web, secret: Self.secret, redirectURI: "http://localhost:9999/callback")
    }
    var isNumbered: Bool { clientType.contains("int") }
    var usersAreNumbered: Bool { userType.contains("int") }

    /// Starts Consulate on the schema, with the keys that Passport had.
    func stack(_ settings: [String: String] = [:]) throws -> Stack {
        let keys = Folder.root.appending(path: "\(name)-keys")
        try Passport12.copyKeys(to: keys)
        let shared = [
            "KEYS_PATH": keys.path(), "APP_KEY": Passport12.applicationKey, "TOKEN_PROFILE": "passport",
            "DB_PREFIX": prefix,
        ]
        return Stack.start(name, settings: shared.merging(settings) { _, own in own }, on: mariaDB)
    }

    // MARK: - The schema

    /// Creates the schema and inserts the rows.
    func make() throws {
        try mariaDB.query("CREATE DATABASE `\(name)` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        try mariaDB.query(tables + rows, database: name)
    }

    private var table: String { "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;\n" }
    private func numbered(_ type: String) -> String {
        type.contains("int") ? "\(type) NOT NULL AUTO_INCREMENT" : "\(type) NOT NULL"
    }

    private var tables: String {
        """
        CREATE TABLE `\(prefix)migrations` (`id` int(10) unsigned NOT NULL AUTO_INCREMENT,
            `migration` varchar(255) NOT NULL, `batch` int(11) NOT NULL,
            PRIMARY KEY (`id`)) \(table)
        CREATE TABLE `\(prefix)users` (`id` \(numbered(userType)), `name` varchar(255) NOT NULL,
            `email` varchar(255) NOT NULL,
            `email_verified_at` timestamp NULL DEFAULT NULL, `password` varchar(255) NOT NULL,
                `remember_token` varchar(100) DEFAULT NULL,
            `created_at` timestamp NULL DEFAULT NULL, `updated_at` timestamp NULL DEFAULT NULL,
            \(keepsDeletedUsers ? "`deleted_at` timestamp NULL DEFAULT NULL," : "")
            PRIMARY KEY (`id`), UNIQUE KEY `users_email_unique` (`email`)) \(table)
        CREATE TABLE `\(prefix)oauth_auth_codes` (`id` \(tokenType) NOT NULL, `user_id` \(userType) NOT NULL,
            `client_id` \(clientType) NOT NULL,
            `scopes` text DEFAULT NULL, `revoked` tinyint(1) NOT NULL, `expires_at` datetime DEFAULT NULL,
                PRIMARY KEY (`id`),
            KEY `oauth_auth_codes_user_id_index` (`user_id`)) \(table)
        CREATE TABLE `\(prefix)oauth_access_tokens` (`id` \(tokenType) NOT NULL, `user_id` \(userType) DEFAULT NULL,
            `client_id` \(clientType) NOT NULL,
            `name` varchar(255) DEFAULT NULL, `scopes` text DEFAULT NULL, `revoked` tinyint(1) NOT NULL,
                `created_at` timestamp NULL DEFAULT NULL,
            `updated_at` timestamp NULL DEFAULT NULL, `expires_at` datetime DEFAULT NULL, PRIMARY KEY (`id`),
            KEY `oauth_access_tokens_user_id_index` (`user_id`)) \(table)
        CREATE TABLE `\(prefix)oauth_refresh_tokens` (`id` \(tokenType) NOT NULL,
            `access_token_id` \(tokenType) NOT NULL, `revoked` tinyint(1) NOT NULL,
            `expires_at` datetime DEFAULT NULL, PRIMARY KEY (`id`),
                KEY `oauth_refresh_tokens_access_token_id_index` (`access_token_id`)) \(table)
        """ + (isThirteen ? clientsOfThirteen : clients)
    }

    private var clients: String {
        """
        CREATE TABLE `\(prefix)oauth_clients` (`id` \(numbered(clientType)), `user_id` \(userType) DEFAULT NULL,
            `name` varchar(255) NOT NULL,
            `secret` varchar(100) \(secretIsNullable ? "DEFAULT NULL" : "NOT NULL"),
                \(hasProvider ? "`provider` varchar(255) DEFAULT NULL," : "")
            \(hasGrants ? "`grant_types` text DEFAULT NULL," : "") `redirect` text NOT NULL, `personal_access_client` tinyint(1) NOT NULL, `password_client` tinyint(1) NOT NULL,
            `revoked` tinyint(1) NOT NULL, `created_at` timestamp NULL DEFAULT NULL,
                `updated_at` timestamp NULL DEFAULT NULL, PRIMARY KEY (`id`),
            KEY `oauth_clients_user_id_index` (`user_id`)) \(table)
        CREATE TABLE `\(prefix)oauth_personal_access_clients` (`id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
            `client_id` \(clientType) NOT NULL,
            `created_at` timestamp NULL DEFAULT NULL, `updated_at` timestamp NULL DEFAULT NULL,
                PRIMARY KEY (`id`)) \(table)
        """
    }

    private var clientsOfThirteen: String {
        """
        CREATE TABLE `\(prefix)oauth_clients` (`id` \(numbered(clientType)), `owner_type` varchar(255) DEFAULT NULL,
            `owner_id` \(userType) DEFAULT NULL,
            `name` varchar(255) NOT NULL, `secret` varchar(255) DEFAULT NULL, `provider` varchar(255) DEFAULT NULL,
                `redirect_uris` text NOT NULL,
            `grant_types` text NOT NULL, `revoked` tinyint(1) NOT NULL, `created_at` timestamp NULL DEFAULT NULL,
            `updated_at` timestamp NULL DEFAULT NULL, PRIMARY KEY (`id`),
            KEY `oauth_clients_owner_type_owner_id_index` (`owner_type`,`owner_id`)) \(table)
        CREATE TABLE `\(prefix)oauth_device_codes` (`id` char(80) NOT NULL, `user_id` \(userType) DEFAULT NULL,
            `client_id` \(clientType) NOT NULL,
            `user_code` char(8) NOT NULL, `scopes` text NOT NULL, `revoked` tinyint(1) NOT NULL,
                `user_approved_at` datetime DEFAULT NULL,
            `last_polled_at` datetime DEFAULT NULL, `expires_at` datetime DEFAULT NULL, PRIMARY KEY (`id`)) \(table)
        """
    }

    // MARK: - The rows

    static let accessToken = String(repeating: "a1", count: 40)
    static let machineToken = String(repeating: "a2", count: 40)

    private var rows: String {
        let hash = PasswordHash.bcrypt(Self.password, cost: 4).text
        let (secret, nobody) = (
            isThirteen ? PasswordHash.bcrypt(Self.secret, cost: 4).text : Self.secret, secretIsNullable ? "NULL" : "''"
        )
        let (then, later) = ("'2026-11-20 10:00:00'", "'2036-11-20 10:00:00'")
        return """
            INSERT INTO `\(prefix)migrations` (migration, batch)
                VALUES ('2016_06_01_000004_create_oauth_clients_table', 1);
            INSERT INTO `\(prefix)users` (id, name, email, password, created_at, updated_at)
                VALUES ('\(alice)', 'Alice', 'alice@example.com', '\(hash)', \(then), \(then));
            \(isThirteen ? """
                INSERT INTO `\(prefix)oauth_clients` (id, owner_type, owner_id, name, secret, redirect_uris, grant_types, revoked, created_at, updated_at) VALUES
                ('\(personal)', NULL, NULL, 'Personal', '\(secret)', '[]', '["personal_access"]', 0, \(then), \(then)),
                ('\(web)', 'App\\\\Models\\\\User', '\(alice)', 'Web', '\(secret)', '["http://localhost:9999/callback"]', '["authorization_code","refresh_token","client_credentials"]', 0, \(then), \(then)),
                ('\(native)', NULL, NULL, 'Native', NULL, '["http://localhost:9999/spa","http://127.0.0.1/spa"]', '["authorization_code","refresh_token"]', 0, \(then), \(then));
                """ : """
                INSERT INTO `\(prefix)oauth_clients` (id, user_id, name, secret, redirect, personal_access_client, password_client, revoked, created_at, updated_at) VALUES
                ('\(personal)', NULL, 'Personal', '\(secret)', 'http://localhost', 1, 0, 0, \(then), \(then)),
                ('\(web)', '\(alice)', 'Web', '\(secret)', 'http://localhost:9999/callback', 0, 0, 0, \(then), \(then)),
                ('\(native)', NULL, 'Native', \(nobody), 'http://localhost:9999/spa,http://127.0.0.1/spa', 0, 0, 0, \(then), \(then));
                \(hasProvider ? "UPDATE `\(prefix)oauth_clients` SET provider = 'users' WHERE id = '\(web)';" : "")
                \(hasGrants ? "UPDATE `\(prefix)oauth_clients` SET grant_types = '[\"authorization_code\",\"refresh_token\"]' WHERE id = '\(web)';" : "")
                INSERT INTO `\(prefix)oauth_personal_access_clients` (client_id, created_at, updated_at) VALUES ('\(personal)', \(then), \(then));
                """)
            INSERT INTO `\(prefix)oauth_access_tokens` (id, user_id, client_id, name, scopes, revoked, created_at,
                updated_at, expires_at) VALUES
            ('\(Self.accessToken)', '\(alice)', '\(web)', NULL, '["place-orders"]', 0, \(then), \(then), \(later)),
            ('\(Self.machineToken)', NULL, '\(web)', NULL, '[]', 0, \(then), \(then), \(later));
            INSERT INTO `\(prefix)oauth_refresh_tokens` (id, access_token_id, revoked, expires_at)
                VALUES ('\(String(repeating: "b1", count: 40))', '\(Self.accessToken)', 0, \(later));
            """
    }

    /// Returns a token as Passport signs it, without `kid` and with fractions of seconds.
    func passportToken(_ id: String, subject: String) throws -> String {
        let key = try SigningKey(
            pem: String(contentsOf: Passport12.folder.appending(path: "oauth-private.key"), encoding: .utf8))
        let now = Double(Stack.now.seconds)
        let payload: JSON = [
            "aud": .string(web), "jti": .string(id), "iat": .number(now - 5.5), "nbf": .number(now - 5.25),
            "exp": .number(now + 5000.125),
            "sub": .string(subject), "scopes": .array([.string("place-orders")]),
        ]
        return try JSONWebSignature.compact(
            header: Array(#"{"typ":"JWT","alg":"RS256"}"#.utf8), payload: payload.bytes, sign: key.sign)
    }

    /// Returns the database as `mariadb-dump` writes it, with one row per line.
    func dump(_ options: String..., tables: [String] = []) throws -> String {
        try ChildProcess.run(
            "mariadb-dump",
            [
                "--no-defaults", "--socket=\(mariaDB.socket)", "--user=root", "--skip-dump-date",
                "--skip-extended-insert",
            ] + options + [name] + tables)
    }
}
