import Dispatch
import Synchronization

/// Who does what only one may do at a time: a row that says until when, and that is written again
/// while its holder lives.
///
/// It is not `GET_LOCK`, which holds on one node of a cluster only. MariaDB's clock counts, since
/// hosts may have others.
final class Lease: Sendable {
    /// Somebody else who has it.
    struct Other: Equatable {
        let holder: String
        let until: Timestamp
    }

    /// In seconds.
    private static let renewal = 5

    private let server: DatabaseServer
    private let holder: String
    private let isOver = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)
    private let isLost = Atomic(false)

    /// Makes the table where it is missing.
    static func prepare(on connection: Connection) throws(DatabaseError) {
        try connection.command(
            """
            CREATE TABLE IF NOT EXISTS consulate_leases (
                name VARCHAR(191) NOT NULL PRIMARY KEY, holder VARCHAR(191) NOT NULL, expires_at DATETIME NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='Who is doing what only one may do at a time'
            """)
    }

    /// Describes the lease of a holder, whose name is unlike any other's.
    init(of holder: String, on server: DatabaseServer) {
        self.holder = holder
        self.server = server
    }

    /// Takes the lease, and renews it until `end`; or returns who has it.
    func take(on connection: Connection) throws(DatabaseError) -> Other? {
        if let other = try write(on: connection) { return other }
        DispatchQueue(label: "lease").async { self.renew() }
        return nil
    }

    /// Whether nobody else has taken it, as may happen where this process stood still.
    var isOurs: Bool { !isLost.load(ordering: .acquiring) }

    /// Gives it back.
    func end(on connection: Connection) {
        isOver.signal()
        hasEnded.wait()
        _ = try? connection.execute("DELETE FROM consulate_leases WHERE name = 'migrate' AND holder = ?", holder)
    }

    /// On a connection of its own: the other one waits for an `ALTER`.
    private func renew() {
        let connection = Connection(to: server)
        while isOver.wait(timeout: .now() + .seconds(Self.renewal)) == .timedOut {
            // Where MariaDB is away, nobody else can take it either.
            if (try? write(on: connection)).flatMap(\.self) != nil { isLost.store(true, ordering: .releasing) }
        }
        hasEnded.signal()
    }

    /// Writes the row if nobody else has it; losing it to another node of a cluster is a conflict
    /// that `execute` tries again.
    private func write(on connection: Connection) throws(DatabaseError) -> Other? {
        while true {
            try connection.execute(
                "INSERT IGNORE INTO consulate_leases (name, holder, expires_at) VALUES ('migrate', ?, UTC_TIMESTAMP() + INTERVAL 30 SECOND)",
                holder)
            let written = try connection.execute(
                """
                UPDATE consulate_leases SET holder = ?, expires_at = UTC_TIMESTAMP() + INTERVAL 30 SECOND
                WHERE name = 'migrate' AND (holder = ? OR expires_at < UTC_TIMESTAMP())
                """, holder, holder)
            if written == 1 { return nil }
            // It may have been given back between the statements.
            if let row = try connection.row("SELECT holder, expires_at FROM consulate_leases WHERE name = 'migrate'") {
                return Other(holder: try row.text("holder"), until: try row.time("expires_at"))
            }
        }
    }
}
