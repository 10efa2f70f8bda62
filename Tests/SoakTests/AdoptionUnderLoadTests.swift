import Cast
import Cryptography
import DevelopmentStack
import Foundation
import MariaDB
import Synchronization
import Testing

/// Moving in with a Passport that has a million tokens and continues to run.
///
/// `.build/adoption.md` has the figures of the last run.
@Suite struct `A million tokens` {
    private static let rows = 1_000_000
    private static let dump = URL(filePath: #filePath).appending(path: "../../AdoptionTests/passport-12/dump.sql")
        .standardizedFileURL

    @Test func `adopt and undo run while others write and read, and nobody waits for a lock`() throws {
        let folder = Folder.root.appending(path: "million")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let mariaDB = PrivateMariaDB(
            in: folder, options: ["--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=256M"])
        try mariaDB.start()
        Folder.register(mariaDB)
        defer { mariaDB.stop() }
        try mariaDB.query(
            try String(contentsOf: Self.dump, encoding: .utf8),
            database: "consulate")
        try mariaDB.query(Self.alterations + Self.tokens, database: "consulate")
        let server = DatabaseServer(socket: mariaDB.socket, database: "consulate", username: "root")
        let settings = ["DB_SOCKET": mariaDB.socket, "DB_USERNAME": "root", "APP_KEY": ApplicationKey.generate()]
        func adopt(_ arguments: String...) throws {
            let result = try ChildProcess.output(
                Folder.program, ["adopt", "--env", folder.appending(path: "env").path()] + arguments,
                environment: settings)
            #expect(result.status == 0, "\(result.error)")
        }

        let quiet = try Bystanders(of: server).longestWaits { sleep(5) }
        let start = Date.now
        let during = try Bystanders(of: server).longestWaits { try adopt() }
        let taken = Date.now.timeIntervalSince(start)
        let undoing = try Bystanders(of: server).longestWaits { try adopt("--undo") }

        let lines = [
            "| \(Self.rows) access and refresh tokens | longest write | longest read | operations |",
            "| --- | --- | --- | --- |",
            "| before | \(quiet) |", "| `adopt`, which took \(String(format: "%.1f", taken)) s | \(during) |",
            "| `adopt --undo` | \(undoing) |",
        ]
        let file = URL(filePath: #filePath).appending(path: "../../../.build/adoption.md").standardizedFileURL
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        // If a lock had been refused, an issue would exist. The seconds are not checked, because
        // they show how busy the machine was.
        for waits in [quiet, during, undoing] { #expect(waits.operations > 10, "\(lines.joined(separator: "\n"))") }
    }

    /// Foreign keys and different collations, as shops have them.
    private static let alterations = """
        ALTER TABLE users MODIFY id VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL;
        ALTER TABLE oauth_access_tokens MODIFY user_id VARCHAR(36) CHARACTER
            SET utf8mb4 COLLATE utf8mb4_general_ci NULL,
            ADD FOREIGN KEY (client_id) REFERENCES oauth_clients (id);
        ALTER TABLE oauth_auth_codes MODIFY user_id VARCHAR(36) CHARACTER
            SET latin1 NOT NULL, ADD FOREIGN KEY (client_id) REFERENCES oauth_clients (id);
        ALTER TABLE oauth_refresh_tokens CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci;

        """

    private static let tokens = """
        INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at, expires_at)
            SELECT LPAD(seq, 80, '0'), seq DIV 10, 4, '["place-orders"]', seq MOD 2, NOW(), NOW(),
                NOW() + INTERVAL 1 YEAR FROM seq_1_to_\(rows);
        INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at)
            SELECT LPAD(seq, 80, '0'), LPAD(seq, 80, '0'), seq MOD 2, NOW() + INTERVAL 1 YEAR FROM seq_1_to_\(rows);
        """

    /// A Laravel that continues to issue, revoke and check tokens.
    private struct Bystanders {
        let server: DatabaseServer

        init(of server: DatabaseServer) {
            self.server = server
        }

        /// The longest waits in seconds, and the number of operations.
        struct Waits: CustomStringConvertible {
            var (write, read, operations) = (0.0, 0.0, 0)
            var description: String { String(format: "%.3f s | %.3f s | %d", write, read, operations) }
        }

        /// Returns the longest durations of a write and of a read while `body` runs.
        ///
        /// Records an issue if a statement waits for a lock for one second, the shortest limit of
        /// MariaDB.
        func longestWaits(_ body: () throws -> Void) throws -> Waits {
            let waits = Mutex(Waits())
            let isOver = Atomic(false)
            let bystanders = DispatchGroup()
            for isWriter in [true, false] {
                DispatchQueue.global().async(group: bystanders) {
                    let connection = Connection(to: server)
                    do {
                        try connection.execute("SET SESSION innodb_lock_wait_timeout = 1, lock_wait_timeout = 1")
                    } catch {
                        Issue.record("\(error)")
                    }
                    var count = 0
                    while !isOver.load(ordering: .relaxed) {
                        count += 1
                        let start = Date.now
                        do {
                            try isWriter ? write(connection) : read(connection, count)
                        } catch {
                            Issue.record("\(error)")
                            return
                        }
                        let taken = Date.now.timeIntervalSince(start)
                        waits.withLock {
                            $0.operations += 1
                            if isWriter { $0.write = max($0.write, taken) } else { $0.read = max($0.read, taken) }
                        }
                        usleep(500)
                    }
                }
            }
            let result = Result { try body() }
            isOver.store(true, ordering: .relaxed)
            bystanders.wait()
            try result.get()
            return waits.withLock { $0 }
        }

        private func write(_ connection: Connection) throws {
            let id = Hexadecimal.encode(Random.bytes(40))
            try connection.execute(
                """
                INSERT INTO oauth_access_tokens (id, user_id, client_id, scopes, revoked, created_at, updated_at,
                    expires_at)
                VALUES (?, 1, 4, '[]', 0, NOW(), NOW(), NOW() + INTERVAL 1 YEAR)
                """, id)
            try connection.execute(
                "INSERT INTO oauth_refresh_tokens (id, access_token_id, revoked, expires_at) VALUES (?, ?, 0, NOW() + INTERVAL 1 YEAR)",
                id, id)
            try connection.execute("UPDATE oauth_access_tokens SET revoked = 1 WHERE id = ?", id)
        }

        private func read(_ connection: Connection, _ count: Int) throws {
            let number = String(count * 7919 % `A million tokens`.rows + 1)
            let id = String(repeating: "0", count: 80 - number.utf8.count) + number
            let row = try connection.row("SELECT id, client_id FROM oauth_access_tokens WHERE id = ?", id)
            _ = try connection.row("SELECT id FROM oauth_clients WHERE id = ?", try #require(row).text("client_id"))
        }
    }
}
