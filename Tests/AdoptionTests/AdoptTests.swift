import AuthorizationServer
import Cast
import Cryptography
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Storage
import Testing

/// The console commands for moving in.
@Suite struct `consulate adopt` {
    private static let scopes = ["SCOPES": "place-orders Place orders; check-status Check order status"]

    @Test func `reads Laravel's settings, reports its findings, and only prints statements in a dry run`() throws {
        let laravel = try Laravel("adopt12")
        try Passport12.load(into: "adopt12")
        let before = try laravel.schema()
        let dry = try laravel.consulate("adopt", "--dry-run")
        #expect(dry.status == 0, "\(dry.error)")
        let found = "found Laravel Passport 9 to 12: client ids are integer, user ids integer\n"
        let scopes = "SCOPES: live tokens have check-status, place-orders, which no client could request here\n"
        let emails = "emails: Laravel's own table compares them, so josé@ and jose@ are one account\n"
        #expect(
            dry.output.hasPrefix("-- \(found)-- \(scopes)-- \(emails)CREATE TABLE IF NOT EXISTS consulate_adoptions"))
        #expect(try laravel.schema() == before)

        let adopted = try laravel.consulate("adopt")
        #expect(adopted.output.hasPrefix(found) && adopted.output.contains(scopes + emails))
        let after = try laravel.schema()
        #expect(after != before)
        #expect(try laravel.consulate("adopt", "--dry-run").output == "-- \(found)-- \(scopes)-- \(emails)")
        #expect(try laravel.consulate("migrate").output == "the database is up to date\n")

        // The printed statements do the same, except for the tables that record the run.
        try Passport12.load(into: "adopt12printed")
        try Folder.mariaDB.query(dry.output, database: "adopt12printed")
        let printed = try Laravel("adopt12printed").schema()
        let notes = ["consulate_migrations", "consulate_leases"]
        let made = tables(of: after).filter { table in !notes.contains { table.contains("CREATE TABLE `\($0)`") } }
        #expect(tables(of: printed) == made && made.count > 12)

        #expect(
            try laravel.consulate("adopt", "--undo").output.hasSuffix(
                "Laravel's tables have the columns that they had\n"))
        #expect(try laravel.schema() == before)
        let twice = try laravel.consulate("adopt", "--undo")
        #expect(
            twice.status == 1
                && twice.error == "consulate: Consulate has not moved in here, so there is nothing to undo.\n")
    }

    private func tables(of schema: String) -> Set<String> {
        Set(
            schema.replacing(#/ AUTO_INCREMENT=\d+/#, with: "").split(separator: ";\n").filter {
                $0.contains("CREATE ")
            }.map(String.init))
    }

    @Test func `continues after an interruption, and install also adopts`() throws {
        let laravel = try Laravel("adopt12again")
        try Passport12.load(into: "adopt12again")
        #expect(try laravel.consulate("adopt").status == 0)
        let whole = try laravel.schema()
        let clients = try Folder.mariaDB.query("SELECT * FROM oauth_clients", database: "adopt12again")
        for step in [
            "extend_oauth_clients", "add_sign_in_client", "index_oauth_access_tokens", "create_consulate_clients",
        ] {
            // This is the state if `adopt` ends between a statement and the record that it was run.
            try Folder.mariaDB.query(
                "DELETE FROM consulate_migrations WHERE name > (SELECT MIN(name) FROM (SELECT name FROM consulate_migrations WHERE name LIKE '%\(step)') m)",
                database: "adopt12again")
            #expect(try laravel.consulate("install").status == 0)
        }
        #expect(try laravel.schema() == whole)
        #expect(try Folder.mariaDB.query("SELECT * FROM oauth_clients", database: "adopt12again") == clients)
    }

    @Test func `refuses a database that is not Passport's, or that lacks a table or a column`() throws {
        let laravel = try Laravel("adoptnothing")
        try Folder.mariaDB.query("CREATE DATABASE adoptnothing")
        #expect(
            try laravel.consulate("adopt").error
                == "consulate: There are no tables of Laravel Passport here: check DB_DATABASE and DB_PREFIX, or run `consulate install`.\n"
        )
        try Folder.mariaDB.query("CREATE DATABASE adoptours")
        let ours = try Laravel("adoptours")
        #expect(try ours.consulate("install").status == 0)
        #expect(
            try ours.consulate("adopt").error
                == "consulate: Consulate made these tables itself: run `consulate migrate`.\n")
        #expect(try ours.consulate("adopt", "--undo").status == 1)

        let lacking = try Laravel("adoptlacking")
        try Passport12.load(into: "adoptlacking")
        try Folder.mariaDB.query("ALTER TABLE users CHANGE name full_name VARCHAR(255)", database: "adoptlacking")
        let refused = try lacking.consulate("adopt")
        #expect(
            refused.status == 1
                && refused.error == "consulate: The table users has no column name, which Laravel's own has.\n")
        try Folder.mariaDB.query(
            "ALTER TABLE users CHANGE full_name name VARCHAR(255); DROP TABLE oauth_auth_codes",
            database: "adoptlacking")
        #expect(
            try lacking.consulate("adopt").error
                == "consulate: The table oauth_auth_codes is missing: Passport's own migrations make it.\n")
        #expect(try !lacking.schema().contains("consulate"))
    }

    @Test(arguments: [
        ("ALTER TABLE oauth_clients ADD first_party TINYINT(1) NULL", "oauth_clients.first_party"),
        ("ALTER TABLE oauth_access_tokens ADD last_used_at TIMESTAMP NULL", "oauth_access_tokens.last_used_at"),
        ("CREATE TABLE oauth_sessions (id INT PRIMARY KEY)", "oauth_sessions"),
    ]) func `does not treat a shop's table or column as its own`(statement: String, name: String) throws {
        let database = "adopt" + name.filter(\.isLetter)
        let laravel = try Laravel(database)
        try Passport12.load(into: database)
        try Folder.mariaDB.query(statement, database: database)
        let before = try laravel.schema()
        for arguments in [["adopt"], ["adopt", "--dry-run"], ["install"]] {
            let refused = try ChildProcess.output(
                Folder.program, arguments + ["--laravel", laravel.folder.path(), "--env", "/nowhere"])
            #expect(
                refused.error
                    == "consulate: \(name) exists already, and Consulate would use it as its own: rename it.\n")
        }
        #expect(try laravel.schema() == before)
    }

    @Test func `after an interrupted undo, both undo and adopt can be run`() throws {
        let laravel = try Laravel("adopthalf")
        try Passport12.load(into: "adopthalf")
        let before = try laravel.schema()
        #expect(try laravel.consulate("adopt").status == 0)
        let statements = try laravel.consulate("adopt", "--undo", "--dry-run").output.split(separator: ";\n").map {
            $0 + ";"
        }
        for count in [2, 7, statements.count - 4] {
            try Folder.mariaDB.query(statements.prefix(count).joined(separator: "\n"), database: "adopthalf")
            let serve = try laravel.consulate("serve", settings: ["LISTEN": "127.0.0.1:\(LocalPort.free())"])
            #expect(
                serve.status == 1
                    && serve.error.hasPrefix("consulate: The database lacks \(Schema.migrations.count) migrations"))
            if count == 7 {
                #expect(try laravel.consulate("adopt").status == 0)
                #expect(try !laravel.consulate("adopt", "--dry-run").output.contains(";"))
            }
        }
        #expect(try laravel.consulate("adopt", "--undo").status == 0)
        #expect(try laravel.schema() == before)
    }

    @Test func `a Laravel that stores local times is not adopted`() throws {
        let laravel = try Laravel("adoptzone")
        try Passport12.load(into: "adoptzone")
        let configuration = laravel.folder.appending(path: "config")
        try FileManager.default.createDirectory(at: configuration, withIntermediateDirectories: true)
        func write(_ zone: String) throws {
            try Data("<?php return ['timezone' => \(zone)];".utf8).write(to: configuration.appending(path: "app.php"))
        }
        try write("'Europe/Berlin'")
        #expect(
            try laravel.consulate("adopt").error.hasPrefix(
                "consulate: Laravel keeps its times in Europe/Berlin, and Consulate keeps them in UTC"))
        #expect(
            try laravel.consulate("doctor").output.contains(
                "problem  Laravel's time zone: Laravel keeps its times in Europe/Berlin"))
        try write("env('APP_TIMEZONE', 'UTC')")
        #expect(try laravel.consulate("adopt").status == 0)
        #expect(try laravel.consulate("doctor").output.contains("ok       Laravel's time zone"))
    }

    @Test func `reports that registration fails if users has a required column that no form asks for`() throws {
        let laravel = try Laravel("adoptphone")
        try Passport12.load(into: "adoptphone")
        try Folder.mariaDB.query(
            "ALTER TABLE users ADD phone VARCHAR(20) NOT NULL, ADD plan VARCHAR(20) NOT NULL DEFAULT 'free', ADD birthday DATE NULL",
            database: "adoptphone")
        #expect(
            try laravel.consulate("adopt").output.contains(
                "REGISTRATION: users has phone, which the registration here does not ask for\n"))
        #expect(try laravel.consulate("doctor").output.contains("problem  REGISTRATION: users has phone,"))
        #expect(
            try laravel.consulate("doctor", settings: ["REGISTRATION": "false"]).output.contains(
                "ok       REGISTRATION"))
    }

    @Test func `migrate and serve tell the operator to run adopt first`() throws {
        let laravel = try Laravel("adoptdue")
        try Passport12.load(into: "adoptdue")
        let migrate = try laravel.consulate("migrate")
        #expect(
            migrate.status == 1
                && migrate.error.hasPrefix(
                    "consulate: These tables are Laravel Passport's: run `consulate adopt --env ")
        )
        let serve = try laravel.consulate("serve", settings: ["LISTEN": "127.0.0.1:\(LocalPort.free())"])
        #expect(
            serve.status == 1
                && serve.error
                    == "consulate: The database lacks \(Schema.migrations.count) migrations: run `consulate adopt`.\n"
        )
        #expect(try laravel.consulate("doctor").output.contains("mend it with: consulate adopt --env "))
    }

    @Test func `doctor names each setting that keeps Passport and Consulate from accepting each other's tokens`()
        throws
    {
        let laravel = try Laravel("doctor12")
        try Passport12.load(into: "doctor12")
        #expect(
            try laravel.consulate("doctor", settings: Self.scopes).output.contains(
                "problem  Passport's tables: Consulate has not moved in"))
        #expect(try laravel.consulate("adopt").status == 0)
        let healthy = try laravel.consulate("doctor", settings: Self.scopes).output
        for subject in ["Laravel's APP_KEY", "Laravel's keys", "TOKEN_PROFILE", "Passport's tables", "SCOPES"] {
            #expect(healthy.contains("ok       \(subject)\n"), "\(healthy)")
        }
        let keys = Folder.root.appending(path: "doctor12-keys").path()
        let other = ["KEYS_PATH": keys, "TOKEN_PROFILE": "rfc9068", "APP_KEY": ApplicationKey.generate(), "SCOPES": ""]
        #expect(try laravel.consulate("keys", settings: other).status == 0)
        let sick = try laravel.consulate("doctor", settings: other)
        #expect(sick.status == 1)
        for problem in [
            "Laravel's APP_KEY: Consulate has another", "Laravel's keys: Consulate signs with another key",
            "TOKEN_PROFILE: Passport refuses",
            "SCOPES: live tokens have check-status, place-orders",
        ] { #expect(sick.output.contains("problem  \(problem)"), "\(sick.output)") }
    }

    @Test func `doctor accepts a key that Laravel's PHP can read by its group, but not one for others`() throws {
        let laravel = try Laravel("doctorkey")
        let key = laravel.folder.appending(path: "storage/oauth-private.key").path()
        func doctor(mode: Int) throws -> String {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
            return try laravel.consulate("doctor").output
        }
        #expect(try doctor(mode: 0o640).contains("ok       \(key)\n"))
        #expect(
            try doctor(mode: 0o644).contains(
                "problem  \(key): others may read it (mode 644)\n         mend it with: chmod o= \(key)\n"))
    }

    @Test func `adopts again after Laravel has upgraded Passport`() throws {
        let generation = Generation(
            name: "upgraded", clientType: "char(36)", web: "9a7d0001-0000-4000-8000-000000000004",
            native: "9a7d0001-0000-4000-8000-000000000005",
            personal: "9a7d0001-0000-4000-8000-000000000001")
        try generation.make()
        let stack = try generation.stack()
        defer { stack.stop() }
        #expect(stack.bearerStatus(stack.tokens(generation.person, generation.confidential).access) == 404)
        try Folder.mariaDB.query(
            """
            ALTER TABLE oauth_clients ADD owner_type VARCHAR(255), ADD owner_id BIGINT UNSIGNED, ADD redirect_uris TEXT,
                ADD grant_types TEXT;
            UPDATE oauth_clients SET owner_id = user_id, owner_type = IF(user_id, 'App\\\\Models\\\\User', NULL),
                redirect_uris = JSON_ARRAY('http://localhost:9999/callback'), grant_types = IF(personal_access_client, '["personal_access"]', '["authorization_code","refresh_token"]');
            ALTER TABLE oauth_clients MODIFY redirect_uris TEXT NOT NULL, MODIFY grant_types TEXT NOT NULL,
                DROP user_id, DROP redirect, DROP personal_access_client, DROP password_client;
            """, database: "upgraded")
        let doctor = try stack.console("doctor", "--laravel", Laravel("upgraded").folder.path())
        #expect(
            doctor.output.contains("they are those of Passport 13 now, and were of 9 to 12"),
            "\(doctor.output)\(doctor.error)")
        #expect(try stack.console("adopt", "--dry-run").output.contains("redirect_uris AS redirect"))
        let again = try stack.console("adopt")
        #expect(again.status == 0, "\(again.error)")
        #expect(stack.bearerStatus(stack.tokens(generation.person, generation.confidential).access) == 404)
        let made = stack.script(of: generation.person).post(
            "/oauth/personal-access-tokens", .json(["name": "script", "scopes": []]))
        #expect(made.json?["token"]?["client_id"]?.text == generation.personal)
        #expect(try stack.console("adopt", "--undo").status == 0)
    }

    @Test
    func `a folder without Laravel, or a Laravel on another kind of database, stops the start with one sentence`()
        throws
    {
        let laravel = try Laravel("adoptpgsql", "DB_CONNECTION=pgsql")
        #expect(
            try laravel.consulate("serve").error.contains("says DB_CONNECTION=pgsql, but Consulate works on MariaDB."))
        let nowhere = try ChildProcess.output(Folder.program, ["serve", "--laravel", "/nowhere"])
        #expect(
            nowhere.status == 1 && nowhere.error == "consulate: /nowhere is no Laravel application: it has no .env.\n")
        let prefix = try ChildProcess.output(Folder.program, ["settings"], environment: ["DB_PREFIX": "a-b"])
        #expect(prefix.status == 0)
        let refused = try ChildProcess.output(Folder.program, ["migrate"], environment: ["DB_PREFIX": "a-b"])
        #expect(
            refused.error
                == "consulate: DB_PREFIX=a-b cannot begin the name of a table: use letters, digits and underscores.\n")
    }
}
