/// The address of the database, and how long to wait for it.
package struct DatabaseServer: Sendable {
    /// One address of the database.
    package struct Host: Sendable, Equatable {
        package let name: String
        package let port: UInt32

        /// Creates an address from a host name and a port.
        package init(_ name: String, port: UInt32) {
            self.name = name
            self.port = port
        }
    }

    /// The nodes of a cluster, the nearest first.
    ///
    /// A node that is away is skipped.
    package var hosts: [Host]
    /// A unix socket, which is preferred to the hosts.
    package var socket: String?
    package var database: String
    /// The prefix of all table names.
    package var tablePrefix: String
    /// The time zone of the application's own connections.
    ///
    /// The `TIMESTAMP` columns of the application are read and written in this time zone. `nil`
    /// means the time zone of the server.
    package var timeZone: String?
    package var username: String
    package var password: String
    /// A file with the certificate authorities to trust.
    ///
    /// With this file, TLS is required and the server's name is checked.
    package var certificateAuthority: String?
    /// In seconds.
    package var connectTimeout: UInt32
    /// In seconds, also for writing.
    ///
    /// 0 means no limit.
    package var readTimeout: UInt32

    /// The same server without a read timeout, for the `ALTER` of a migration.
    package var patient: DatabaseServer {
        var patient = self
        patient.readTimeout = 0
        return patient
    }

    /// Returns the text of a migration with Laravel's setting `DB_PREFIX` before its table names.
    ///
    /// Literals and comments remain unchanged. Only migrations need this, because the files of
    /// `sql/` are plain SQL. Other statements name their tables by `Table`.
    package func naming(tablesIn migration: String) -> String {
        guard !tablePrefix.isEmpty else { return migration }
        let words = #/--[^\n]*|'[^']*'|\b(?:users|(?:oauth|consulate)_[a-z_]+)\b/#.wordBoundaryKind(.simple)
        return migration.replacing(words) {
            "-'".contains($0.output.first ?? " ") ? "\($0.output)" : "\(tablePrefix)\($0.output)"
        }
    }

    /// Describes a server.
    package init(
        hosts: [Host] = [Host("127.0.0.1", port: 3306)], socket: String? = nil, database: String,
        tablePrefix: String = "", timeZone: String? = nil,
        username: String,
        password: String = "", certificateAuthority: String? = nil, connectTimeout: UInt32 = 5, readTimeout: UInt32 = 10
    ) {
        self.hosts = hosts
        self.socket = socket
        self.database = database
        self.tablePrefix = tablePrefix
        self.timeZone = timeZone
        self.username = username
        self.password = password
        self.certificateAuthority = certificateAuthority
        self.connectTimeout = connectTimeout
        self.readTimeout = readTimeout
    }
}
