import Cast
import DevelopmentStack
import Foundation
import HTTP
import MariaDB
import Testing

/// The command `consulate purge`.
///
/// The tests run one after the other because each purge deletes all dead rows.
@Suite(.serialized) struct `Purging` {
    private static let stack = Stack.start("purge")

    private var stack: Stack { Self.stack }

    @Test func `purge ends with one line if the database is unreachable`() throws {
        let environment = stack.environment.merging(["DB_SOCKET": "/nowhere/mariadb.sock"]) { _, new in new }
        let log = stack.folder.appending(path: "away.log")
        let purge = try ChildProcess(
            Folder.program, ["purge", "--env", stack.folder.appending(path: "env").path()], environment: environment,
            log: log)
        for _ in 0..<500 where purge.isRunning { usleep(20_000) }
        #expect(!purge.isRunning)
        purge.end(patience: 1)
        #expect(purge.status == 1)
        #expect(try String(contentsOf: log, encoding: .utf8).split(separator: "\n").count == 1)
    }

    @Test func `purge deletes dead rows and no live rows`() throws {
        let (ada, web) = (stack.ada, stack.client("Web", grants: [.authorizationCode, .refreshToken]))
        let (dead, alive) = (stack.tokens(ada, web, scope: nil), stack.tokens(ada, web, scope: nil))
        let id = claims(dead.access)?["jti"]?.text ?? ""
        try stack.connection().execute(
            "UPDATE oauth_access_tokens SET expires_at = '2020-01-01 00:00:00' WHERE id = ?", id)
        #expect(try stack.console("purge", "--dry-run").output.contains("oauth_access_tokens: 1 to delete"))
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE id = ?", id) == 1)
        #expect(try stack.console("purge").output.contains("oauth_access_tokens: 1 deleted"))
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_access_tokens WHERE id = ?", id) == 0)
        #expect(stack.bearerStatus(alive.access) == 404)
    }

    @Test func `a used code outlives its minute, so that reusing it is still noticed`() throws {
        let (ada, web) = (stack.ada, stack.client("Web", grants: [.authorizationCode, .refreshToken]))
        let form = stack.redemption(stack.code(ada, web, scope: nil), web)
        let access = stack.token(form).json?["access_token"]?.text ?? ""
        try stack.connection().execute(
            "UPDATE oauth_auth_codes SET expires_at = expires_at - INTERVAL 1 HOUR WHERE user_id = ?", ada.id)
        #expect(try stack.console("purge").status == 0)
        #expect(stack.token(form).json?["error"] == "invalid_grant")
        #expect(stack.bearerStatus(access) == 401)
    }

    @Test func `purge deletes events of the audit trail when they are older than AUDIT_RETENTION`() throws {
        func store(_ days: Int) throws {
            try stack.connection().execute(
                "INSERT INTO oauth_audit_events (occurred_at, event, address, request_id, detail) VALUES (UTC_TIMESTAMP() - INTERVAL ? DAY, 'x', '', '', ?)",
                days, "purging \(days)")
        }
        for days in [0, 89, 91, 400] { try store(days) }
        #expect(try stack.console("purge").output.contains("oauth_audit_events: 2 deleted"))
        #expect(stack.count("SELECT COUNT(*) AS n FROM oauth_audit_events WHERE detail LIKE ?", "purging %") == 2)
    }

    @Test func `purge can be interrupted, and the next purge continues`() throws {
        let dead = 40_000
        func count() -> Int {
            stack.count("SELECT COUNT(*) AS n FROM oauth_cache WHERE expires_at < ?", "2020-01-01 00:00:00")
        }
        try stack.connection().execute(
            "INSERT INTO oauth_cache (cache_key, value, expires_at) SELECT CONCAT('dead ', seq), 0, '2019-01-01 00:00:00' FROM seq_1_to_40000"
        )
        let purge = try ChildProcess(
            Folder.program, ["purge", "--env", stack.folder.appending(path: "env").path()],
            environment: stack.environment,
            log: stack.folder.appending(path: "purge.log"))
        while count() == dead { usleep(1000) }
        purge.signal(SIGKILL)
        purge.wait()
        usleep(500_000)  // the current batch may still be committed
        let left = count()
        #expect((1..<dead).contains(left))
        #expect(try stack.console("purge").output.contains("oauth_cache: \(left) deleted"))
        #expect(count() == 0)
    }
}
