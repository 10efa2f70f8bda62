import Dispatch
import Synchronization

/// The right to do something that only one process may do at a time.
///
/// It is a row with the time at which the lease ends. The holder renews the row while its process
/// lives.
///
/// It is not `GET_LOCK`, which holds on only one node of a cluster. MariaDB's clock counts, because
/// the clocks of hosts may differ.
final class Lease: Sendable {
    /// Another holder that has the lease.
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

    /// Creates the table if it is missing.
    static func prepare(on connection: Connection) throws(DatabaseError) {
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS \(.leases) (
                name VARCHAR(191) NOT NULL PRIMARY KEY, holder VARCHAR(191) NOT NULL, expires_at DATETIME NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci COMMENT='Who is doing what only one may do at a time'
            """)
    }

    /// Describes the lease of a holder.
    ///
    /// The name of the holder must be unique.
    init(of holder: String, on server: DatabaseServer) {
        self.holder = holder
        self.server = server
    }

    /// Takes the lease and renews it until `end`, or returns the other holder.
    func take(on connection: Connection) throws(DatabaseError) -> Other? {
        if let other = try write(on: connection) { return other }
        DispatchQueue(label: "lease").async { self.renew() }
        return nil
    }

    /// Whether no other holder has taken the lease.
    ///
    /// Another holder may have taken it if this process stood still.
    var isOurs: Bool { !isLost.load(ordering: .acquiring) }

    /// Gives the lease back.
    func end(on connection: Connection) {
        isOver.signal()
        hasEnded.wait()
        _ = try? connection.execute("DELETE FROM \(.leases) WHERE name = 'migrate' AND holder = \(holder)")
    }

    /// Renews the lease on a separate connection, because the other connection waits for an
    /// `ALTER`.
    private func renew() {
        let connection = Connection(to: server)
        while isOver.wait(timeout: .now() + .seconds(Self.renewal)) == .timedOut {
            // If MariaDB is away, no other holder can take the lease either.
            if (try? write(on: connection)).flatMap(\.self) != nil { isLost.store(true, ordering: .releasing) }
        }
        hasEnded.signal()
    }

    /// Writes the row if no other holder has the lease.
    ///
    /// If another node of a cluster was first, this is a conflict, which `execute` retries.
    private func write(on connection: Connection) throws(DatabaseError) -> Other? {
        while true {
            try connection.execute(
                """
                INSERT IGNORE INTO \(.leases) (name, holder, expires_at) VALUES ('migrate', \(holder),
                    UTC_TIMESTAMP() + INTERVAL 30 SECOND)
                """
            )
            let written = try connection.execute(
                """
                UPDATE \(.leases) SET holder = \(holder), expires_at = UTC_TIMESTAMP() + INTERVAL 30 SECOND
                WHERE name = 'migrate' AND (holder = \(holder) OR expires_at < UTC_TIMESTAMP())
                """)
            if written == 1 { return nil }
            // The lease may have been given back between the statements.
            if let row = try connection.row("SELECT holder, expires_at FROM \(.leases) WHERE name = 'migrate'") {
                return Other(holder: try row.text("holder"), until: try row.time("expires_at"))
            }
        }
    }
}

extension Table {
    fileprivate static let leases = Table("consulate_leases")
}
