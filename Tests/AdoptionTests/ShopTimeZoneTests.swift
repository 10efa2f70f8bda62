import Cast
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// The time zone of Laravel's connections, which MariaDB or Laravel's configuration sets.
@Suite(.serialized) struct `A shop's time zone` {
    /// A MariaDB that is always two hours ahead of UTC.
    private static let ahead = Folder.startMariaDB("ahead", options: ["--default-time-zone=+02:00"])
    /// A MariaDB in the time zone of Central Europe.
    ///
    /// On the last Sunday in March, the hour after two o'clock is skipped.
    private static let summer = Folder.startMariaDB("summer", environment: ["TZ": "CET-1CEST,M3.5.0,M10.5.0/3"])

    /// Returns a column of a token's row, as a Laravel with connections in this zone reads it.
    private func read(_ column: String, of id: String, in zone: String, _ generation: Generation) throws -> String {
        try generation.mariaDB.query(
            "SET time_zone = \(zone); SELECT \(column) FROM oauth_access_tokens WHERE id = '\(id)'",
            database: generation.name
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test(arguments: [
        ("shopahead", "DEFAULT", ""), ("shopconfigured", "'-05:00'", "-05:00"),
    ]) func `times are read and written in the time zone of Laravel`(name: String, zone: String, setting: String)
        throws
    {
        var generation = Generation(name: name)
        generation.mariaDB = Self.ahead
        try generation.make()
        let then = "'2026-11-20 10:00:00'"
        try Self.ahead.query(
            "SET time_zone = \(zone); UPDATE oauth_access_tokens SET created_at = \(then), updated_at = \(then); UPDATE users SET created_at = \(then);"
                + "UPDATE oauth_clients SET created_at = \(then)", database: name)
        let before = try generation.dump()
        let stack = try generation.stack(["DB_TIMEZONE": setting])
        defer { stack.stop() }

        let script = stack.script(of: generation.person)
        for list in ["/oauth/tokens", "/oauth/clients"] {
            #expect(script.get(list).text.contains(#""created_at":"2026-11-20T10:00:00"#), "\(list)")
        }
        let signIn = try generation.mariaDB.query(
            "SET time_zone = \(zone); SELECT ABS(TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP())) < 600 FROM oauth_clients WHERE internal = 'sign-in'",
            database: name)
        #expect(signIn == "1\n")
        #expect(try stack.console("adopt", "--undo").status == 0)
        #expect(try generation.dump() == before)

        #expect(try stack.console("adopt").status == 0)
        stack.waitForResponder()
        let token = stack.script(of: generation.person).post(
            "/oauth/personal-access-tokens", .json(["name": "script", "scopes": []])
        ).json?["token"]
        let (id, created) = (token?["id"]?.text ?? "", token?["created_at"]?.text ?? "")
        let wall = String(created.prefix(19)).replacing("T", with: " ")
        #expect(try read("created_at", of: id, in: zone, generation) == wall)
        #expect(
            try abs(
                Int(read("TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP())", of: id, in: zone, generation)) ?? 9999)
                < 600)
        #expect(
            try read("TIMESTAMPDIFF(DAY, UTC_TIMESTAMP(), expires_at)", of: id, in: zone, generation).hasPrefix("36"))
        let listed = stack.script(of: generation.person).get("/oauth/personal-access-tokens").text
        #expect(listed.contains(created))
        #expect(try stack.console("adopt", "--undo").status == 0)
    }

    @Test func `adopt and doctor report the time zone, and an unknown time zone stops the start`() throws {
        var generation = Generation(name: "shopsaid")
        generation.mariaDB = Self.ahead
        try generation.make()
        let laravel = try Laravel("shopsaid", "DB_SOCKET=\(Self.ahead.socket)")
        let note = """
            time zone: times are read and written in +02:00, as Laravel does; neither can write a time of the hour that a change to summer time leaves out

            """
        #expect(try laravel.consulate("adopt", "--dry-run").output.contains("-- \(note)"))
        #expect(try laravel.consulate("adopt").output.contains(note))
        #expect(try laravel.consulate("doctor").output.contains("ok       \(note)"))
        #expect(
            try laravel.consulate("doctor", settings: ["DB_TIMEZONE": "+00:00"]).output.contains("ok       time zone\n")
        )

        let unknown = ["DB_TIMEZONE": "Mars/Phobos"]
        let sentence =
            "DB_TIMEZONE is unknown here: write an offset such as +02:00, or load the time zones with mariadb-tzinfo-to-sql"
        let doctor = try laravel.consulate("doctor", settings: unknown).output
        #expect(
            doctor.contains("problem  database: MariaDB 1298: \(sentence)\n         mend it with: $EDITOR"), "\(doctor)"
        )
        let serve = try laravel.consulate("serve", settings: unknown)
        #expect(
            serve.status != 0 && serve.error.contains(sentence) && serve.error.split(separator: "\n").count == 1,
            "\(serve.error)")
        let odd = try laravel.consulate("serve", settings: ["DB_TIMEZONE": "'; DROP"])
        #expect(odd.status != 0 && odd.error.contains("is not a time zone: write an offset"), "\(odd.error)")
    }

    @Test(arguments: [
        ("'mysql' => ['timezone' => '+05:00', 'prefix' => ''],", "", "+05:00"),
        ("'mysql' => ['prefix' => ''],", "", ""),
        ("'pgsql' => ['timezone' => '+05:00'], 'mysql' => ['prefix' => ''],", "", ""),
        ("'mysql' => ['timezone' => env('DB_TIMEZONE', '+01:00')],", "", "+01:00"),
        ("'mysql' => ['timezone' => env('DB_TIMEZONE', '+01:00')],", "DB_TIMEZONE=+03:00", "+03:00"),
        ("'mysql' => ['prefix' => ''],", "DB_TIMEZONE=+03:00", ""),
        (
            "'mysql' => ['modes' => ['A', 'B'], /* 'timezone' => '+05:00', */ 'timezone' => 'Europe/Berlin'],", "",
            "Europe/Berlin"
        ),
        ("'mysql' => ['options' => [PDO::MYSQL_ATTR_INIT_COMMAND => \"SET time_zone = '+04:00'\"]],", "", "+04:00"),
        (
            "'mariadb' => ['timezone' => '+06:00'], 'mysql' => ['timezone' => '+07:00'],", "DB_CONNECTION=mariadb",
            "+06:00"
        ),
    ]) func `the time zone is read from the code of the configuration`(line: String, lines: String, zone: String)
        throws
    {
        let laravel = try Laravel("connection\(UUID().uuidString.prefix(8))", lines)
        let folder = laravel.folder.appending(path: "config")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("<?php\n\nreturn [\n    'connections' => [\n        \(line)\n    ],\n];\n".utf8).write(
            to: folder.appending(path: "database.php"))
        let settings = try laravel.consulate("settings").output
        let shown = settings.split(separator: "\n").first { $0.hasPrefix("DB_TIMEZONE ") }?.split(separator: " ")[1]
        #expect(shown.map(String.init) == (zone.isEmpty ? "default" : zone))
    }

    @Test func `in the hour that summer time skips, tokens work but none is issued, as in Laravel`() throws {
        var generation = Generation(name: "shopsummer")
        generation.mariaDB = Self.summer
        try generation.make()
        let stack = try generation.stack()
        defer { stack.stop() }
        stack.responders[0].end()
        /// Returns the answers of a sign-in and of a check at a time of that night.
        func answers(at time: String, _ bearer: String? = nil) throws -> (issued: Answer, check: Int) {
            let that = try stack.responder(withClock: ["FAKETIME": "@2026-03-29 \(time)"])
            defer { that.end() }
            stack.waitForResponder()
            let issued = stack.consumer().post(
                "/api/login",
                .json(["email": .string(generation.person.email), "password": .string(generation.person.password)]))
            return (issued, stack.bearerStatus(bearer ?? issued.json?["access_token"]?.text ?? ""))
        }
        let before = try answers(at: "01:58:00")
        #expect(before.issued.status == 200 && before.check == 404, "\(before.issued.text)")
        let missing = try answers(at: "02:30:00", before.issued.json?["access_token"]?.text)
        #expect(
            missing.issued.status == 503 && missing.issued["Retry-After"] == "5" && missing.check == 404, "\(missing)")
        #expect(try answers(at: "03:00:00").issued.status == 200)
    }

    @Test func `DB_TIMEZONE has no effect on tables that Consulate created`() throws {
        let stack = Stack.start("ownzone", settings: ["DB_TIMEZONE": "-05:00"], on: Self.ahead)
        defer { stack.stop() }
        let ada = stack.ada
        let count = """
            SET time_zone = '+00:00';
            SELECT COUNT(*) FROM users WHERE email = '\(ada.email)'
                AND ABS(TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP())) < 600
            """
        #expect(try Self.ahead.query(count, database: "ownzone") == "1\n")
    }
}
