import Cast
import DevelopmentStack
import Foundation
import Testing

@testable import MariaDB

/// The module with a real server.
@Suite struct `A connection` {
    static let server: DatabaseServer = {
        do { try Folder.mariaDB.query("CREATE DATABASE IF NOT EXISTS module CHARACTER SET utf8mb4") } catch {
            fatalError("\(error)")
        }
        return DatabaseServer(socket: Folder.mariaDB.socket, database: "module", username: "root")
    }()

    private func connection() -> Connection { Connection(to: Self.server) }

    @Test func `values of every type and length are read as they were written`() throws {
        let connection = connection()
        try connection.execute("CREATE TEMPORARY TABLE kinds (i BIGINT, t TEXT, b BLOB, d DATETIME, n INT)")
        let long = String(repeating: "ä€😀", count: 5000)
        let raw = (0..<1000).map { UInt8($0 & 255) }
        let time = Timestamp(secondsSince1970: 1_795_461_957)
        try connection.execute(
            "INSERT INTO kinds VALUES (?, ?, ?, ?, ?)", -9_007_199_254_740_993, long, raw, time, Int?.none)
        let row = try #require(try connection.row("SELECT * FROM kinds"))
        #expect(try row.integer("i") == -9_007_199_254_740_993)
        #expect(try row.text("t") == long)
        #expect(try row.time("d") == time)
        #expect(try row.optionalInteger("n") == nil)
        #expect(
            try connection.row("SELECT HEX(b) AS h FROM kinds")?.text("h")
                == raw.map { String(format: "%02X", $0) }.joined())
        #expect(throws: DatabaseError.self) { try row.text("missing") }
        #expect(throws: DatabaseError.self) { try row.integer("t") }
        #expect(throws: DatabaseError.self) { try row.integer("n") }
    }

    @Test func `a value is never executed as SQL`() throws {
        let hostile = "'; DROP TABLE users; -- \u{0} \" \\"
        #expect(try connection().row("SELECT ? AS v", hostile)?.text("v") == hostile)
    }

    @Test func `an interpolated value is bound, and an interpolated part belongs to the text`() throws {
        let hostile = "' OR 1 = 1 -- "
        let condition: SQL = "x = \(hostile) OR x = \(Int?.none)"
        let statement: SQL = "SELECT COUNT(*) AS n FROM (SELECT \(7) AS x) s WHERE \(condition)"
        #expect(statement.text == "SELECT COUNT(*) AS n FROM (SELECT ? AS x) s WHERE x = ? OR x = ?")
        #expect(try connection().row(statement)?.integer("n") == 0)
    }

    @Test func `a table has the prefix, and its view only where an application created it`() throws {
        let people = Table("oauth_people", throughView: "consulate_people")
        let statement: SQL = "SELECT 1 FROM \(people) p WHERE \(people, "p.id", joins: "q.person_id")"
        var names = Names(prefix: "shop_")
        #expect(names.text(of: statement) == "SELECT 1 FROM shop_consulate_people p WHERE p.id = q.person_id")
        names.areOwn = true
        #expect(names.text(of: statement) == "SELECT 1 FROM shop_oauth_people p WHERE p.id = q.person_id")
    }

    @Test func `a connection keeps two hundred statements, and drops the one that was not used longest`() throws {
        let connection = connection()
        /// Returns a statement with a text of its own for each number of parts.
        func statement(_ parts: Int) -> SQL {
            (0..<parts).reduce(into: "SELECT 1" as SQL) { sql, _ in sql = "\(sql) + 0" }
        }
        for parts in 1...300 {
            _ = try connection.row(statement(parts))
            _ = try connection.row("SELECT 'always used' AS text")
        }
        let before = try count("Com_stmt_prepare", on: connection)
        _ = try connection.row("SELECT 'always used' AS text")
        _ = try connection.row(statement(300))
        #expect(try count("Com_stmt_prepare", on: connection) == before, "both are still prepared")
        _ = try connection.row(statement(1))
        #expect(try count("Com_stmt_prepare", on: connection) == before + 1)
        #expect(try count("Com_stmt_close", on: connection) >= 100)
    }

    /// Returns a count that MariaDB keeps for a connection.
    private func count(_ name: String, on connection: Connection) throws -> Int {
        let row = try connection.row(
            "SELECT variable_value AS n FROM information_schema.session_status WHERE variable_name = \(name)")
        return Int(try #require(row).text("n")) ?? -1
    }

    @Test func `a wrong number of values is an error, not a crash`() {
        #expect(throws: DatabaseError.self) { try connection().row("SELECT ? AS v") }
        #expect(throws: DatabaseError.self) { try connection().row("SELECT 1", 2) }
    }

    @Test func `a statement is prepared once per connection`() throws {
        let connection = connection()
        func prepared() throws -> Int {
            Int(try #require(try connection.row("SHOW SESSION STATUS LIKE 'Com_stmt_prepare'")).text("Value")) ?? -1
        }
        _ = try prepared()
        let before = try prepared()
        for index in 0..<50 { _ = try connection.row("SELECT ? + 1 AS v", index) }
        #expect(try prepared() == before + 1)
    }

    @Test func `a transaction that throws changes nothing, and a transaction that returns is committed`() throws {
        let connection = connection()
        try connection.execute("CREATE TABLE IF NOT EXISTS kept (id INT PRIMARY KEY)")
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO kept VALUES (1)")
                throw Stop()
            }
        }
        #expect(try connection.row("SELECT * FROM kept") == nil)
        try connection.transaction { try connection.execute("INSERT INTO kept VALUES (2)") }
        #expect(try self.connection().row("SELECT id FROM kept")?.integer("id") == 2)
        #expect(throws: DatabaseError.self) { try connection.execute("INSERT INTO kept VALUES (2)") }
        try connection.execute("DROP TABLE kept")
    }

    @Test func `a transaction in one statement is committed, or changes nothing if a condition is false`() throws {
        let connection = connection()
        try connection.execute("CREATE TABLE IF NOT EXISTS compounds (id INT PRIMARY KEY)")
        try connection.execute("DELETE FROM compounds")
        func add(_ one: Int, _ other: Int) throws -> Bool {
            try connection.transaction([
                "INSERT INTO compounds VALUES (\(one))", nil, "UPDATE compounds SET id = id WHERE id = \(other)",
                .requireChange,
            ])
        }
        func rows() throws -> Int? { try self.connection().row("SELECT COUNT(*) AS n FROM compounds")?.integer("n") }
        #expect(try add(1, 1), "a row that is found counts, though nothing about it changes")
        #expect(try rows() == 1)
        #expect(try !add(2, 7))
        #expect(try rows() == 1)
        #expect(throws: DatabaseError.self) { try add(1, 1) }
        #expect(try add(2, 1), "nothing is left of what failed")
        #expect(try rows() == 2)
    }

    @Test func `a transaction in one statement is refused within a transaction, which it would commit`() throws {
        let connection = connection()
        try connection.execute("CREATE TABLE IF NOT EXISTS outers (id INT PRIMARY KEY)")
        #expect(throws: DatabaseError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO outers VALUES (1)")
                _ = try connection.transaction(["INSERT INTO outers VALUES (2)"])
            }
        }
        #expect(try self.connection().row("SELECT id FROM outers") == nil)
    }

    @Test func `a transaction in one statement that loses a deadlock is run again`() throws {
        let one = connection()
        try one.execute("CREATE TABLE IF NOT EXISTS locked (id INT PRIMARY KEY, n INT NOT NULL)")
        try one.execute("DELETE FROM locked")
        try one.execute("INSERT INTO locked VALUES (1, 0), (2, 0)")
        let thread = Thread {
            // Locks in the opposite order and waits between the locks, to cause a deadlock.
            let other = Connection(to: Self.server)
            _ = try? other.transaction {
                try other.execute("UPDATE locked SET n = n + 10 WHERE id = 2")
                usleep(300_000)
                try other.execute("UPDATE locked SET n = n + 10 WHERE id = 1")
            }
        }
        thread.start()
        usleep(100_000)
        #expect(
            try one.transaction([
                "UPDATE locked SET n = n + 1 WHERE id = 1", "UPDATE locked SET n = n + 1 WHERE id = 2",
            ]))
        while !thread.isFinished { usleep(10_000) }
        #expect(try one.rows("SELECT n FROM locked ORDER BY id").map { row in try row.integer("n") } == [11, 11])
    }

    @Test func `after a deadlock, the transaction that lost runs again from the start`() throws {
        let setup = connection()
        try setup.execute("CREATE TABLE IF NOT EXISTS locks (id INT PRIMARY KEY, n INT NOT NULL)")
        try setup.execute("REPLACE INTO locks VALUES (1, 0), (2, 0)")
        let server = Self.server
        let threads = (0..<2).map { index in
            let thread = Thread {
                let connection = Connection(to: server)
                for _ in 0..<50 {
                    try? connection.transaction {
                        try connection.execute("UPDATE locks SET n = n + 1 WHERE id = ?", index == 0 ? 1 : 2)
                        usleep(500)
                        try connection.execute("UPDATE locks SET n = n + 1 WHERE id = ?", index == 0 ? 2 : 1)
                    }
                }
            }
            thread.start()
            return thread
        }
        while threads.contains(where: { !$0.isFinished }) { usleep(10_000) }
        #expect(try setup.row("SELECT CAST(SUM(n) AS SIGNED) AS n FROM locks")?.integer("n") == 200)
        #expect(try Int(#require(try setup.row("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")).text("Value")) ?? 0 > 0)
        try setup.execute("DROP TABLE locks")
    }

    @Test func `a connection that died between requests is opened again once, and no statement runs twice`() throws {
        let (connection, killer) = (connection(), connection())
        try killer.execute("CREATE TABLE IF NOT EXISTS once (id INT AUTO_INCREMENT PRIMARY KEY)")
        func kill() throws {
            let id = try #require(try connection.row("SELECT CONNECTION_ID() AS id")).integer("id")
            try Folder.mariaDB.query("KILL \(id)")
            usleep(50_000)
        }
        try kill()
        try connection.execute("INSERT INTO once VALUES ()")
        try kill()
        try connection.transaction { try connection.execute("INSERT INTO once VALUES ()") }
        try kill()
        #expect(try connection.row("SELECT COUNT(*) AS n FROM once")?.integer("n") == 2)
        try killer.execute("DROP TABLE once")
    }

    @Test func `a transaction that loses its connection runs again from the start`() throws {
        let connection = connection()
        try connection.execute("CREATE TABLE IF NOT EXISTS again (id INT)")
        var runs = 0
        try connection.transaction {
            runs += 1
            try connection.execute("INSERT INTO again VALUES (?)", runs)
            if runs == 1 {
                let id = try #require(try connection.row("SELECT CONNECTION_ID() AS id")).integer("id")
                try Folder.mariaDB.query("KILL \(id)")
                usleep(50_000)
                try connection.execute("INSERT INTO again VALUES (99)")
            }
        }
        #expect(runs == 2)
        #expect(try connection.rows("SELECT id FROM again").map { try $0.integer("id") } == [2])
        try connection.execute("DROP TABLE again")
    }

    @Test func `every connection uses UTC, utf8mb4 and the isolation level READ COMMITTED`() throws {
        let row = try #require(
            try connection().row(
                "SELECT @@time_zone AS z, @@tx_isolation AS i, @@character_set_client AS c, @@sql_mode AS m"))
        #expect(try row.text("z") == "+00:00")
        #expect(try row.text("i") == "READ-COMMITTED")
        #expect(try row.text("c") == "utf8mb4")
        #expect(try row.text("m").contains("STRICT_ALL_TABLES"))
    }

    @Test func `MariaDB stops a statement when its client has stopped waiting`() throws {
        var server = Self.server
        server.readTimeout = 1
        #expect(throws: DatabaseError.self) {
            try Connection(to: server).row("SELECT COUNT(*) AS n FROM seq_1_to_10000000000 WHERE seq % 7 = 8")
        }
        usleep(1_500_000)
        let left = try connection().row(
            "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE 'SELECT COUNT(*) AS n FROM seq_1_to_10000000000%'"
        )
        #expect(try left?.integer("n") == 0)
    }

    @Test func `TLS over TCP checks the certificate and the name of the server`() throws {
        let folder = Folder.root.appending(path: "tls")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func path(_ name: String) -> String { folder.appending(path: name).path() }
        for name in ["ca", "other"] {
            try ChildProcess.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout",
                    path("\(name).key"), "-out",
                    path("\(name).pem"),
                ])
        }
        try ChildProcess.run(
            "openssl",
            [
                "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", path("server.key"), "-out",
                path("server.csr"),
            ])
        try ChildProcess.run(
            "openssl",
            [
                "x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
                "-CAcreateserial", "-days", "2", "-out",
                path("server.pem"),
            ])
        let port = LocalPort.free()
        let mariaDB = PrivateMariaDB(
            in: folder, port: port,
            options: [
                "--ssl-cert=\(path("server.pem"))", "--ssl-key=\(path("server.key"))", "--ssl-ca=\(path("ca.pem"))",
            ])
        try mariaDB.start()
        Folder.register(mariaDB)
        try mariaDB.query(
            "CREATE USER tls@'127.0.0.1' IDENTIFIED BY 'secret' REQUIRE SSL; GRANT ALL ON *.* TO tls@'127.0.0.1'")
        var server = DatabaseServer(
            hosts: [.init("127.0.0.1", port: UInt32(port))], database: "consulate", username: "tls", password: "secret",
            certificateAuthority: path("ca.pem"))
        #expect(try Connection(to: server).row("SHOW SESSION STATUS LIKE 'Ssl_cipher'")?.text("Value").isEmpty == false)
        server.certificateAuthority = path("other.pem")
        #expect(throws: DatabaseError.self) { try Connection(to: server).row("SELECT 1") }
        server.hosts = [.init("localhost.localdomain", port: UInt32(port))]
        #expect(throws: DatabaseError.self) { try Connection(to: server).row("SELECT 1") }
        mariaDB.stop()
    }

    @Test func `a host that does not answer is skipped, and is tried again when the current host fails`() throws {
        let folder = Folder.root.appending(path: "hosts")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mariaDB = PrivateMariaDB(in: folder, port: LocalPort.free())
        let other = PrivateMariaDB(in: folder.appending(path: "other"), port: LocalPort.free())
        try FileManager.default.createDirectory(at: folder.appending(path: "other"), withIntermediateDirectories: true)
        for server in [mariaDB, other] {
            try server.start()
            Folder.register(server)
            try server.query("CREATE USER hosts@'127.0.0.1'; GRANT ALL ON *.* TO hosts@'127.0.0.1'")
        }
        let hosts = [LocalPort.free(), try #require(mariaDB.port), try #require(other.port)].map {
            DatabaseServer.Host("127.0.0.1", port: UInt32($0))
        }
        let connection = Connection(
            to: DatabaseServer(hosts: hosts, database: "consulate", username: "hosts", connectTimeout: 1))
        func port() throws -> Int? { try connection.row("SELECT @@port AS port")?.integer("port") }
        #expect(try port() == mariaDB.port)
        mariaDB.stop()
        #expect(try port() == other.port)
        try mariaDB.start()
        #expect(try port() == other.port, "what answers is kept")
        other.stop()
        #expect(try port() == mariaDB.port)
        mariaDB.stop()
        usleep(600_000)
        let error = #expect(throws: DatabaseError.self) { try port() }
        #expect(error?.isTemporary == true)
    }

    @Test func `MySQL is recognized and refused`() throws {
        let port = LocalPort.free()
        // Sends a greeting of MySQL's protocol, and `OK` to every client that signs in.
        let server = #"""
            import socketserver, struct
            class MySQL(socketserver.StreamRequestHandler):
                def send(self, number, packet):
                    self.wfile.write(struct.pack('<I', len(packet))[:3] + bytes([number]) + packet)
                def handle(self):
                    capabilities = 0x000F0000 | 0xF7FF & ~0x0800 | 0x00080000
                    self.send(0, b'\x0a8.0.36\0' + struct.pack('<I', 1) + b'12345678\0' + struct.pack('<H', capabilities & 0xFFFF) + b'\x2d'
                        + struct.pack('<H', 2) + struct.pack('<H', capabilities >> 16) + b'\x15' + bytes(10) + b'901234567890\0mysql_native_password\0')
                    size = self.rfile.read(4)
                    self.rfile.read(int.from_bytes(size[:3], 'little'))
                    self.send(2, b'\0\0\0\2\0\0\0')
                    self.rfile.read()
            socketserver.ThreadingTCPServer(('127.0.0.1', \#(port)), MySQL).serve_forever()
            """#
        let process = try ChildProcess("python3", ["-c", server], log: Folder.root.appending(path: "mysql.log"))
        defer { process.end() }
        #expect(LocalPort.waits(for: port))
        let connection = Connection(
            to: DatabaseServer(hosts: [.init("127.0.0.1", port: UInt32(port))], database: "shop", username: "shop"))
        let error = #expect(throws: DatabaseError.self) { try connection.row("SELECT 1") }
        #expect(error?.message == "the server is of the version 8.0.36, and must be MariaDB 10.6.2 or later")
        #expect(error?.isTemporary == false)
    }

    @Test func `an address without a server fails in time, with a temporary error`() {
        let server = DatabaseServer(socket: "/nowhere/mariadb.sock", database: "x", username: "x")
        let error = #expect(throws: DatabaseError.self) { try Connection(to: server).row("SELECT 1") }
        #expect(error?.isTemporary == true)
    }
}

@Suite struct `Timestamps` {
    @Test(
        arguments: [
            (0, "1970-01-01 00:00:00"), (951_782_400, "2000-02-29 00:00:00"), (1_795_461_957, "2026-11-23 19:25:57"),
            (4_102_444_799, "2099-12-31 23:59:59"),
            (1_709_164_799, "2024-02-28 23:59:59"),
        ]) func `are written and read in the format of MariaDB`(seconds: Int, text: String) throws
    {
        let time = Timestamp(secondsSince1970: Int64(seconds))
        #expect(time.sql == text)
        #expect(
            try Connection(to: `A connection`.server).row("SELECT CAST(? AS DATETIME) AS t", time)?.time("t") == time)
        #expect(time.iso8601 == text.replacing(" ", with: "T") + ".000000Z")
    }

    @Test func `0000-00-00 in an old table is read as NULL`() throws {
        let connection = Connection(to: `A connection`.server)
        try connection.execute("CREATE TABLE IF NOT EXISTS zero_dates (d DATETIME NULL, t TIMESTAMP NULL)")
        try Folder.mariaDB.query(
            "SET sql_mode = ''; DELETE FROM zero_dates; INSERT INTO zero_dates VALUES ('0000-00-00', '0000-00-00')",
            database: "module")
        let row = try #require(try connection.row("SELECT d, t FROM zero_dates"))
        #expect(try row.optionalTime("d") == nil)
        #expect(try row.optionalTime("t") == nil)
        #expect(throws: DatabaseError.self) { try row.time("d") }
    }

    @Test func `can be written for any number of seconds`() {
        for seconds in [-1_000_000_000_000, -62_167_219_200, -1, 253_402_300_799, 1_000_000_000_000] {
            #expect(!Timestamp(secondsSince1970: Int64(seconds)).iso8601.isEmpty)
        }
        #expect(Timestamp(secondsSince1970: -1).sql == "1969-12-31 23:59:59")
    }

    @Test func `agree with MariaDB about ten thousand days`() throws {
        let rows = try Connection(to: `A connection`.server).rows(
            "SELECT seq, CAST(DATE_ADD('1970-01-01', INTERVAL seq * 5 DAY) AS DATETIME) AS d FROM seq_0_to_10000")
        for row in rows { #expect(try row.time("d").seconds == Int64(row.integer("seq")) * 5 * 86400) }
        #expect(rows.count == 10_001)
    }
}

@Suite struct `Migrations` {
    private func migrator(_ database: String, _ migrations: [Migration], holder: String = "test") throws -> Migrator {
        try Folder.mariaDB.query("CREATE DATABASE IF NOT EXISTS \(database)")
        return Migrator(
            to: DatabaseServer(socket: Folder.mariaDB.socket, database: database, username: "root"),
            migrations: migrations, holder: holder)
    }

    private static let two = [
        Migration(name: "0001_a", text: "CREATE TABLE IF NOT EXISTS a (id INT)"),
        Migration(name: "0002_b", text: "INSERT INTO a VALUES (1)"),
    ]

    @Test func `are applied once, in order, and recorded`() throws {
        let migrator = try migrator("migrations", Self.two)
        #expect(try migrator.pending().count == 2)
        #expect(try migrator.migrate(clock: { Stack.now }, wait: {}).map(\.name) == ["0001_a", "0002_b"])
        #expect(try migrator.migrate(clock: { Stack.now }, wait: {}).isEmpty)
        #expect(try self.migrator("migrations", []).unknown() == ["0001_a", "0002_b"])
    }

    @Test func `are applied once each, even if several hosts apply them at the same time`() throws {
        _ = try migrator("several", [])
        let threads = (0..<4).map { index in
            let thread = Thread {
                _ = try? self.migrator("several", Self.two, holder: "host \(index)").migrate(
                    clock: { Stack.now }, wait: { usleep(20_000) })
            }
            thread.start()
            return thread
        }
        while threads.contains(where: { !$0.isFinished }) { usleep(10_000) }
        #expect(try Folder.mariaDB.query("SELECT COUNT(*) FROM several.a").contains("1"))
        #expect(try Folder.mariaDB.query("SELECT COUNT(*) FROM several.consulate_migrations").contains("2"))
    }

    @Test func `a lease that its holder left behind is taken over after it expires, and the holder is named only once`()
        throws
    {
        let migrator = try migrator("left_behind", Self.two)
        try Folder.mariaDB.query(
            """
            CREATE TABLE left_behind.consulate_leases (name VARCHAR(191) PRIMARY KEY, holder VARCHAR(191),
                expires_at DATETIME);
            INSERT INTO left_behind.consulate_leases VALUES ('migrate', 'gone', UTC_TIMESTAMP() + INTERVAL 1 HOUR)
            """)
        var (told, waits): ([String], Int) = ([], 0)
        let applied = try migrator.migrate(
            clock: { Stack.now },
            wait: {
                waits += 1
                // Pretends that the hour has passed.
                if waits == 3 {
                    _ = try? Folder.mariaDB.query("UPDATE left_behind.consulate_leases SET expires_at = '2020-01-01'")
                }
            }, waiting: { holder, until in told.append("\(holder) \(until > Stack.now)") })
        #expect(applied.count == 2 && waits == 3)
        #expect(told == ["gone true"])
        #expect(try Folder.mariaDB.query("SELECT COUNT(*) FROM left_behind.consulate_leases").contains("0"))
    }

    @Test func `a lease lasts at most half a minute, and is renewed while its holder runs`() throws {
        let blocker = Connection(to: DatabaseServer(socket: Folder.mariaDB.socket, database: "mysql", username: "root"))
        _ = try blocker.row("SELECT GET_LOCK('renewed', 30)")
        let holder = DispatchGroup()
        DispatchQueue.global().async(group: holder) {
            let waiting = [Migration(name: "0001_a", text: "DO GET_LOCK('renewed', 60)")]
            _ = try? self.migrator("renewed", waiting, holder: "alive").migrate(clock: { Stack.now }, wait: {})
        }
        func lease(_ column: String) -> String {
            let text = try? Folder.mariaDB.query("SELECT \(column) FROM renewed.consulate_leases")
            return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        }
        var tries = 0
        while lease("expires_at").isEmpty, tries < 300 { tries += 1 }
        let first = lease("expires_at")
        #expect(Int(lease("TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expires_at)")).map { $0 <= 30 } == true)
        while lease("expires_at") == first, tries < 600 {
            usleep(50_000)
            tries += 1
        }
        #expect(lease("expires_at") > first)
        _ = try blocker.row("SELECT RELEASE_LOCK('renewed')")
        holder.wait()
        #expect(lease("holder").isEmpty)
    }
}
