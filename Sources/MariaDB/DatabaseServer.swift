/// Where the database is, and how long to wait for it.
public struct DatabaseServer: Sendable {
    /// One address of it.
    public struct Host: Sendable, Equatable {
        public let name: String
        public let port: UInt32

        /// Names a host and its port.
        public init(_ name: String, port: UInt32) {
            self.name = name
            self.port = port
        }
    }

    /// The nodes of a cluster, the nearest first; one that is away is passed over.
    public var hosts: [Host]
    /// A unix socket, which is preferred to the hosts.
    public var socket: String?
    public var database: String
    /// What the names of all tables begin with.
    public var tablePrefix: String
    /// The time zone of the application's own connections, in which its columns of the type
    /// `TIMESTAMP` are read and written; `nil`: the server's.
    public var timeZone: String?
    public var username: String
    public var password: String
    /// A file with the authorities to trust; TLS is then required and the server's name is checked.
    public var certificateAuthority: String?
    /// In seconds.
    public var connectTimeout: UInt32
    /// In seconds, also for writing; 0 waits as long as it takes.
    public var readTimeout: UInt32

    /// The same without a read time-out, for a migration's `ALTER`.
    public var patient: DatabaseServer {
        var patient = self
        patient.readTimeout = 0
        return patient
    }

    /// A statement as it is sent: the names of its tables begin as Laravel's setting `DB_PREFIX` says.
    ///
    /// Literals and comments are left alone. Tables of our own are read as they are, and not through the views `consulate_clients` and `consulate_users`, which hide nothing there and
    /// which MariaDB opens again for each execution.
    public func naming(tablesIn statement: String, areOwn: Bool = false) -> String {
        let statement =
            areOwn
            ? statement.replacing(#/\bconsulate_(clients|users)\b/#) { $0.1 == "users" ? "users" : "oauth_clients" }
            : statement
        guard !tablePrefix.isEmpty else { return statement }
        let words = #/--[^\n]*|'[^']*'|\b(?:users|(?:oauth|consulate)_[a-z_]+)\b/#.wordBoundaryKind(.simple)
        return statement.replacing(words) {
            "-'".contains($0.output.first ?? " ") ? "\($0.output)" : "\(tablePrefix)\($0.output)"
        }
    }

    /// Describes a server.
    public init(
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
