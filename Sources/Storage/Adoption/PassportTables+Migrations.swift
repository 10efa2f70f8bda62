package import MariaDB

extension PassportTables {
    /// Returns the migrations of `sql/` in the form that these tables need.
    ///
    /// They add nullable columns, indexes, tables, views and one or two clients. They change
    /// nothing that Laravel needs. `indexed` contains the columns that come first in an index of
    /// the shop.
    package func migrations(besides indexed: Set<String>) -> [Migration] {
        Schema.migrations.map { Migration(name: $0.name, text: text(of: $0, besides: indexed)) }
    }

    /// The text of a migration that has nothing to do here.
    package static let nothing = "DO 0"

    private func text(of migration: Migration, besides indexed: Set<String>) -> String {
        switch migration.name.dropFirst(5) {
        case "create_users", "create_oauth_clients", "create_oauth_access_tokens", "create_oauth_auth_codes",
            "create_oauth_refresh_tokens",
            "create_oauth_personal_access_clients", "fill_last_used_at_of_families", "keep_used_codes",
            "rename_grant_types",
            "add_normal_form_of_emails":
            Self.nothing
        case "extend_oauth_clients": clientColumns
        case "add_sign_in_client": signInClient
        case "add_personal_client": personalClientOfPassport
        case "name_personal_client": personalClient
        case "create_consulate_clients": clientView(of: [])
        case "show_metadata_of_clients": clientView(of: ["client_metadata"])
        case "create_consulate_users": userView
        case let name where name.hasPrefix("index_"): indexes(of: migration, besides: indexed)
        default: migration.text
        }
    }

    /// Returns the statement that adds the indexes of a migration, except those that an index of
    /// the shop makes unnecessary.
    private func indexes(of migration: Migration, besides indexed: Set<String>) -> String {
        guard let table = migration.text.firstMatch(of: #/ALTER TABLE (\w+)/#)?.1 else { return migration.text }
        let missing = migration.text.matches(of: #/ADD INDEX IF NOT EXISTS \w+ \((\w+)\)/#).filter {
            !indexed.contains("\(table).\($0.1)")
        }
        guard !missing.isEmpty else { return Self.nothing }
        let online = migration.text.contains("ALGORITHM=NOCOPY") ? "ALGORITHM=NOCOPY, LOCK=NONE" : "LOCK=NONE"
        return "ALTER TABLE \(table)\n    \((missing.map { String($0.0) } + [online]).joined(separator: ",\n    "))"
    }

    /// The statement that adds columns to `oauth_clients`.
    ///
    /// Passport 13 already has a column for the grants.
    private var clientColumns: String {
        """
        ALTER TABLE oauth_clients\(listsGrants ? "" : "\n    ADD COLUMN IF NOT EXISTS allowed_grants TEXT NULL,")
            ADD COLUMN IF NOT EXISTS first_party TINYINT(1) NULL,
            ADD COLUMN IF NOT EXISTS internal VARCHAR(20) NULL,
            ADD UNIQUE INDEX IF NOT EXISTS consulate_clients_internal (internal),
            LOCK=NONE
        """
    }

    private var signInClient: String {
        insertion(of: "sign-in", named: "Sign-in", grants: #"["refresh_token"]"#)
    }

    /// The statement that marks Passport's own client for personal tokens, if this client exists.
    ///
    /// Consulate issues personal tokens under this client, so that the tokens survive an `undo`.
    private var personalClientOfPassport: String {
        if namesPersonalClients {
            """
            UPDATE oauth_clients c SET c.internal = 'personal'
            WHERE CONVERT(c.id USING utf8mb4) COLLATE utf8mb4_bin = (
                    SELECT CONVERT(client_id USING utf8mb4) COLLATE utf8mb4_bin FROM oauth_personal_access_clients
                    ORDER BY id DESC LIMIT 1)
                AND c.revoked = 0 AND \(nobodyIsPersonal)\(namesProvider ? " AND \(isOfUsers)" : "")
            """
        } else {
            """
            UPDATE oauth_clients c SET c.internal = 'personal'
            WHERE c.revoked = 0 AND \(grants(contain: "personal_access")) AND \(nobodyIsPersonal) AND \(isOfUsers)
                ORDER BY created_at DESC LIMIT 1
            """
        }
    }

    private var nobodyIsPersonal: String {
        "(SELECT COUNT(*) FROM (SELECT 1 FROM oauth_clients WHERE internal = 'personal') known) = 0"
    }

    private var personalClient: String {
        insertion(of: "personal", named: "Personal Access Client", grants: "[]")
    }

    /// Returns the statement that adds a client of Consulate, unless the client exists.
    ///
    /// The client has no secret that anybody could present.
    private func insertion(of internalName: String, named name: String, grants: String) -> String {
        var values = [
            ("name", "'\(name)'"), ("revoked", "0"), ("created_at", "UTC_TIMESTAMP()"),
            ("updated_at", "UTC_TIMESTAMP()"),
            ("internal", "'\(internalName)'"),
            // `undo` uses this column to distinguish the client from the clients of Passport.
            ("first_party", "1"),
        ]
        if clientKey != .integer { values.append(("id", "UUID()")) }
        if !allowsPublicClients { values.append(("secret", "'\(ClientSecret.ofNobody().rawValue)'")) }
        if listsGrants {
            values += [("redirect_uris", "'[]'"), ("grant_types", "'\(grants)'")]
        } else {
            values += [
                ("redirect", "''"), ("personal_access_client", internalName == "personal" ? "1" : "0"),
                ("password_client", "0"),
                ("allowed_grants", "'\(grants)'"),
            ]
        }
        return """
            INSERT INTO oauth_clients (\(values.map(\.0).joined(separator: ", ")))
            SELECT \(values.map(\.1).joined(separator: ", ")) FROM DUAL
            WHERE NOT EXISTS (SELECT 1 FROM oauth_clients WHERE internal = '\(internalName)')
            """
    }

    /// Returns the statement that creates the view of clients, with columns that were added later.
    private func clientView(of added: [String]) -> String {
        let shared =
            ([
                "id, name, secret, \(namesProvider ? "" : "NULL AS ")provider, revoked, created_at, updated_at, first_party, internal"
            ]
            + added).joined(separator: ", ")
        let others =
            if listsGrants {
                """
                IF(owner_type = '\(Self.ownerType.replacing("\\", with: "\\\\"))', owner_id, NULL) AS user_id,
                    redirect_uris AS redirect, grant_types AS allowed_grants,
                    \(grants(contain: "password")) AS password_client,
                    COALESCE(internal = 'personal', 0)
                        OR \(grants(contain: "personal_access")) AS personal_access_client
                """
            } else {
                "user_id, redirect, \(allowedGrants) AS allowed_grants, password_client, personal_access_client"
            }
        return """
            CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_clients AS
            SELECT \(shared),
                \(others)
            FROM oauth_clients c\(namesProvider ? " WHERE \(isOfUsers)" : "")
            """
    }

    private var isOfUsers: String { SQL.isOfUsers.text }

    /// A Passport before version 13 also uses a column `grant_types`, if somebody has created the
    /// column.
    private var allowedGrants: String { hasGrants ? "COALESCE(allowed_grants, grant_types)" : "allowed_grants" }

    private var userView: String {
        """
        CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW consulate_users AS
        SELECT id, name, email, password, created_at, updated_at
            FROM users\(keepsDeletedUsers ? " WHERE deleted_at IS NULL" : "")
        """
    }

    /// The name of Laravel's class of users, which Passport 13 stores next to the id of a client's
    /// owner.
    package static let ownerType = #"App\Models\User"#

    private func grants(contain grant: String) -> String {
        #"COALESCE(JSON_CONTAINS(grant_types, '"\#(grant)"'), 0)"#
    }
}
