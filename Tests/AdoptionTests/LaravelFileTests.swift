import Cast
import Cryptography
import DevelopmentStack
import Foundation
import MariaDB
import Testing

/// Laravel's files, which Consulate must read as Laravel does.
@Suite struct `Laravel's files` {
    /// Returns the value that `consulate settings` shows for a name.
    ///
    /// The given lines are at the end of Laravel's `.env`.
    private func setting(_ name: String, _ lines: String, settings: [String: String] = [:]) throws -> String {
        let laravel = try Laravel("settings\(Random.alphanumeric(8))", lines)
        let shown = try laravel.consulate("settings", settings: settings)
        #expect(shown.status == 0, "\(shown.error)")
        let line = shown.output.split(separator: "\n").first { $0.hasPrefix(name + " ") } ?? ""
        return String(line.split(separator: " ", omittingEmptySubsequences: true).dropFirst().first ?? "")
    }

    @Test(arguments: [
        ("DB_USERNAME=null", "DB_USERNAME", "consulate"), ("DB_USERNAME=(null)", "DB_USERNAME", "consulate"),
        ("DB_USERNAME=NULL", "DB_USERNAME", "consulate"), ("DB_USERNAME=empty", "DB_USERNAME", "consulate"),
        ("DB_USERNAME=(empty)", "DB_USERNAME", "consulate"), ("DB_USERNAME", "DB_USERNAME", "consulate"),
        ("APP_DEBUG=true", "APP_DEBUG", "true"), ("APP_DEBUG=(true)", "APP_DEBUG", "true"),
        ("APP_DEBUG=(FALSE)", "APP_DEBUG", "false"),
        ("DB_USERNAME=\"'shop'\"", "DB_USERNAME", "shop"), ("DB_USERNAME=shop# comment", "DB_USERNAME", "shop"),
        ("DB_PREFIX=shop_ # comment", "DB_PREFIX", "shop_"), ("DB_PORT=3307\r", "DB_PORT", "3307"),
        ("DB_URL=mysql://user@db.example:3308/orders", "DB_HOST", "db.example"),
        ("DB_URL=mysql://user@db.example:3308/orders", "DB_PORT", "3308"),
        ("DB_URL=mariadb://user@db.example/orders", "DB_DATABASE", "orders"),
        ("DB_URL=mysql://us%40er@db.example/orders", "DB_USERNAME", "us@er"),
        ("DB_URL=mysql://user:p%40ss@db.example/orders", "DB_PASSWORD", "(set)"),
        ("DB_URL=mysql2://user@db.example/or%20ders", "DB_DATABASE", "or"),
        ("DB_URL=mysql://u@h/d?unix_socket=/run/my.sock&charset=utf8mb4", "DB_SOCKET", "/run/my.sock"),
        ("DATABASE_URL=mysql://user@older.example/orders", "DB_HOST", "older.example"),
        (
            "DATABASE_URL=mysql://user@older.example/orders\nDB_URL=mysql://user@newer.example/orders", "DB_HOST",
            "newer.example"
        ),
        ("DB_URL=null\nDB_HOST=plain.example", "DB_HOST", "plain.example"),
        ("DB_HOST=plain.example\nDB_URL=mysql:///orders", "DB_HOST", "plain.example"),
    ]) func `settings have the values that Laravel reads`(lines: String, name: String, value: String) throws {
        #expect(try setting(name, lines) == value)
    }

    @Test func `DB_URL of the environment overrides the file, and Consulate's settings override both`() throws {
        let environment = ["DB_URL": "mysql://user@environment.example/orders"]
        #expect(
            try setting("DB_HOST", "DB_URL=mysql://user@file.example/orders", settings: environment)
                == "environment.example")
        let own = environment.merging(["DB_HOST": "own.example"]) { _, own in own }
        #expect(try setting("DB_HOST", "", settings: own) == "own.example")
    }

    @Test(arguments: [
        ("DB_URL=pgsql://user@db.example/orders", "says DB_CONNECTION=pgsql, but Consulate works on MariaDB."),
        ("DB_URL=nothing", "Laravel's DB_URL is not an address such as mysql://"),
        ("DB_CONNECTION=sqlite", "says DB_CONNECTION=sqlite"),
        ("A-B=1", "A line of .env is not a setting"),
    ]) func `a setting that cannot be used ends the command with one sentence`(lines: String, sentence: String) throws {
        let laravel = try Laravel("settings\(Random.alphanumeric(8))", lines)
        let shown = try laravel.consulate("settings")
        #expect(
            shown.status == 1 && shown.error.contains(sentence) && shown.error.filter { $0 == "\n" }.count == 1,
            "\(shown.error)")
    }

    @Test func `DB_URL selects the database, and a private key in one line works`() throws {
        let key = try String(contentsOf: Passport12.folder.appending(path: "oauth-private.key"), encoding: .utf8)
        let database = "laravelurl"
        let laravel = try Laravel(
            database,
            """
            DB_HOST=nowhere.example
            DB_SOCKET=
            DB_DATABASE=other
            DB_URL="mysql://root@localhost/\(database)?unix_socket=\(Folder.mariaDB.socket)"
            PASSPORT_PRIVATE_KEY="\(key.replacing("\n", with: "\\\\n"))"
            """)
        try Passport12.load(into: database)
        #expect(try laravel.consulate("adopt").status == 0)
        let doctor = try laravel.consulate("doctor").output
        #expect(
            doctor.contains("ok       PASSPORT_PRIVATE_KEY\n") && doctor.contains("ok       Laravel's keys\n"),
            "\(doctor)")
    }

    @Test(arguments: [
        ("'timezone' => 'UTC'", "", true), ("'timezone' => 'GMT'", "", true), ("'timezone' => 'Etc/UTC'", "", true),
        (#""timezone" => "Europe/Berlin""#, "", false), ("'timezone' => 'Europe/Berlin'", "", false),
        ("'timezone' => env('APP_TIMEZONE', 'UTC')", "", true),
        (#"'timezone' => env("APP_TIMEZONE", "Europe/Berlin")"#, "", false),
        ("'timezone' => env('APP_TIMEZONE', 'UTC')", "APP_TIMEZONE=Europe/Berlin", false),
        ("'timezone' => env('APP_TIMEZONE', 'Europe/Berlin')", "APP_TIMEZONE=UTC", true),
        ("'timezone' => env('APP_TIMEZONE')", "", true),
        ("'timezone' => 'UTC'", "APP_TIMEZONE=Europe/Berlin", true),
        ("'name' => 'Shop'", "APP_TIMEZONE=Europe/Berlin", false),
        ("// 'timezone' => 'Europe/Berlin',\n'timezone' => 'UTC'", "", true),
        ("# 'timezone' => 'Europe/Berlin',\n'timezone' => 'UTC'", "", true),
        ("/* 'timezone' => 'Europe/Berlin', */ 'timezone' => 'UTC'", "", true),
        ("/*\n * 'timezone' => 'UTC'\n */\n'timezone' => 'Europe/Berlin'", "", false),
        ("'url' => 'http://shop.example', 'timezone' => 'Europe/Berlin'", "", false),
        ("'name' => 'It\\'s // a shop', 'timezone' => 'UTC'", "", true),
    ]) func `the time zone is read from the code of the configuration, and not from its comments`(
        line: String, lines: String, isUTC: Bool
    ) throws {
        let laravel = try Laravel("zone\(Random.alphanumeric(8))", lines)
        let folder = laravel.folder.appending(path: "config")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("<?php\n\nreturn [\n    \(line),\n];\n".utf8).write(to: folder.appending(path: "app.php"))
        let doctor = try laravel.consulate("doctor").output
        #expect(
            doctor.contains(
                isUTC ? "ok       Laravel's time zone\n" : "problem  Laravel's time zone: Laravel keeps its times in"),
            "\(doctor)")
    }
}
