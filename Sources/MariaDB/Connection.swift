import CMariaDB
import Glibc

/// One connection to MariaDB, for one thread.
///
/// The connection opens when it is first needed, and again after it was lost.
@safe
package final class Connection {
    private let server: DatabaseServer
    private var handle: UnsafeMutablePointer<MYSQL>?
    private var statements = PreparedStatements()
    private var isInTransaction = false
    private var names: Names
    /// What is known about the database while the connection is open, by its type.
    private var memory: [ObjectIdentifier: any Sendable] = [:]
    /// The host that answered last, or the host to try next.
    private var host = 0
    private var lastFailure: (error: DatabaseError, at: ContinuousClock.Instant)?

    /// Creates a connection to a server, but sends nothing yet.
    package init(to server: DatabaseServer) {
        self.server = server
        names = Names(prefix: server.tablePrefix)
    }

    deinit {
        close()
    }

    /// The prefix of all table names.
    ///
    /// The text of a statement omits the prefix.
    package var tablePrefix: String { server.tablePrefix }

    /// Returns whether the tables belong to a Passport that Consulate has adopted.
    package func isAdopted() throws(DatabaseError) -> Bool {
        _ = unsafe try retryingOnce(where: \.isConnectionLost) { () throws(DatabaseError) in unsafe try open() }
        return !names.areOwn
    }

    /// Returns a value that is computed once while the connection is open.
    package func remembered<Value: Sendable>(_ compute: () throws -> Value) rethrows -> Value {
        if let known = memory[ObjectIdentifier(Value.self)] as? Value { return known }
        let value = try compute()
        memory[ObjectIdentifier(Value.self)] = value
        return value
    }

    /// Forgets a value, because it is no longer true.
    package func forget<Value: Sendable>(_ type: Value.Type) {
        memory[ObjectIdentifier(type)] = nil
    }

    // MARK: Statements

    /// Returns the text of a statement for a migration: with the comparisons of this database.
    ///
    /// The names of its tables have no prefix, because a migration gets the prefix when it runs.
    package func migrationText(of sql: SQL) throws(DatabaseError) -> String {
        _ = try isAdopted()
        return names.withoutPrefix.text(of: sql)
    }

    /// Returns the text of a migration as it is sent: with the prefix before its table names.
    package func text(of migration: Migration) -> String {
        server.naming(tablesIn: migration.text)
    }

    /// Returns the rows of a query.
    ///
    /// For example: `try database.rows("SELECT name FROM \(.users) WHERE id = \(user.id)")`.
    package func rows(_ sql: SQL) throws(DatabaseError) -> [Row] {
        try retryingOnce(where: \.isConnectionLost) { () throws(DatabaseError) in
            let statement = try prepared(sql)
            _ = try statement.execute(sql.values)
            return try statement.fetch()
        }
    }

    /// Returns the first row of a query, if a row exists.
    package func row(_ sql: SQL) throws(DatabaseError) -> Row? {
        try retryingOnce(where: \.isConnectionLost) { () throws(DatabaseError) in
            let statement = try prepared(sql)
            _ = try statement.execute(sql.values)
            return try statement.fetch().first
        }
    }

    /// Runs a statement that returns no rows, and returns how many rows its condition found.
    @discardableResult
    package func execute(_ sql: SQL) throws(DatabaseError) -> Int {
        try retryingOnce(where: \.isUnsent) { () throws(DatabaseError) in
            try prepared(sql).execute(sql.values)
        }
    }

    /// Inserts a row and returns the number that `AUTO_INCREMENT` gave it.
    package func insert(_ sql: SQL) throws(DatabaseError) -> Int {
        try retryingOnce(where: \.isUnsent) { () throws(DatabaseError) in
            let statement = try prepared(sql)
            _ = try statement.execute(sql.values)
            return statement.insertedID
        }
    }

    private func prepared(_ sql: SQL) throws(DatabaseError) -> Statement {
        let connection = unsafe try open()
        if let statement = statements.find(sql) { return statement }
        let statement = unsafe try Statement(names.text(of: sql), on: connection)
        statements.insert(statement, sql)
        return statement
    }

    /// Runs a statement again after a lost connection or a conflict.
    ///
    /// After a lost connection, retries once on a new connection if this cannot do anything twice.
    /// After a conflict, which has rolled the statement back, retries a few times.
    private func retryingOnce<Result>(
        where isHarmless: (DatabaseError) -> Bool, _ body: () throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        var (isNew, attempt) = (false, 1)
        while true {
            do {
                return try body()
            } catch {
                if error.isConnectionLost { close(after: error) }
                guard !isInTransaction else { throw error }
                if error.isConnectionLost {
                    guard !isNew, isHarmless(error) else { throw error }
                    isNew = true
                } else {
                    guard error.isRetryable, attempt < 10 else { throw error }
                    attempt += 1
                    usleep(UInt32.random(in: 0...2000) * UInt32(attempt))
                }
            }
        }
    }

    // MARK: Transactions

    /// Runs the closure in a transaction: commits if the closure returns, and rolls back if it
    /// throws.
    ///
    /// After a deadlock, or after a connection lost before `COMMIT`, the closure runs again. So the
    /// closure must change only the database. If the connection is lost during `COMMIT`, the
    /// thrown error has `outcomeIsUnknown`.
    ///
    /// A transaction within a transaction is a part of the outer transaction.
    @discardableResult
    package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        guard !isInTransaction else { return try body() }
        return try retrying { try transactionOnce(body) }
    }

    /// Runs statements as one transaction in one round trip, and returns whether it was committed.
    ///
    /// Leaves `nil` out. Returns `false` without any change if a statement before
    /// `SQL.requireChange` found no row to change. The errors are the same as of the other kind of
    /// transaction. MariaDB can prepare this kind of statement since 10.6.2.
    ///
    /// Throws an error within another transaction, which it would commit.
    package func transaction(_ statements: [SQL?]) throws -> Bool {
        guard !isInTransaction else {
            throw DatabaseError(code: 0, message: "a transaction in one statement would commit the outer transaction")
        }
        var whole = SQL.StringInterpolation(literalCapacity: 0, interpolationCount: 40)
        whole.appendLiteral("BEGIN NOT ATOMIC START TRANSACTION; ")
        for case let statement? in statements {
            whole.appendInterpolation(statement)
            whole.appendLiteral("; ")
        }
        whole.appendLiteral("COMMIT; END")
        let transaction = SQL(stringInterpolation: whole)
        return try retrying { try transactionOnce(transaction) }
    }

    /// Runs statements together: as a part of the transaction, or as one transaction in one round
    /// trip.
    ///
    /// Leaves `nil` out.
    package func executeTogether(_ statements: [SQL?]) throws {
        let statements = statements.compactMap(\.self)
        if isInTransaction || statements.count == 1 {
            for statement in statements { try execute(statement) }
        } else {
            _ = try transaction(statements)
        }
    }

    private func transactionOnce(_ sql: SQL) throws(DatabaseError) -> Bool {
        let statement: Statement
        do {
            statement = try prepared(sql)
        } catch {
            if error.isConnectionLost { close(after: error) }
            throw error
        }
        do {
            _ = try statement.execute(sql.values)
            return true
        } catch {
            var error = error
            error.outcomeIsUnknown = error.isInterrupted || error.isConnectionLost && !error.isUnsent
            if error.isConnectionLost {
                close(after: error)
            } else {
                do { try command("ROLLBACK") } catch { close() }
            }
            guard error.isSignal else { throw error }
            return false
        }
    }

    private func retrying<Result>(_ body: () throws -> Result) throws -> Result {
        var attempt = 1
        while true {
            do {
                return try body()
            } catch let error as DatabaseError
                where attempt < 10 && !error.outcomeIsUnknown && (error.isRetryable || error.isConnectionLost)
            {
                if error.isConnectionLost { attempt += 7 }
                attempt += 1
                usleep(UInt32.random(in: 0...2000) * UInt32(attempt))
            }
        }
    }

    private func transactionOnce<Result>(_ body: () throws -> Result) throws -> Result {
        try command("START TRANSACTION")
        isInTransaction = true
        defer { isInTransaction = false }
        let result: Result
        do {
            result = try body()
        } catch {
            // Error 1205 rolls back only one statement. After a lost connection there is nothing to
            // roll back.
            if unsafe handle != nil { try? command("ROLLBACK") }
            throw error
        }
        do {
            try command("COMMIT")
        } catch {
            var error = error
            error.outcomeIsUnknown = error.isConnectionLost
            close()
            throw error
        }
        return result
    }

    /// Runs a statement without preparing it.
    private func command(_ text: String) throws(DatabaseError) {
        let connection = unsafe try open()
        guard unsafe mysql_real_query(connection, text, UInt(text.utf8.count)) == 0 else {
            let error = unsafe DatabaseError(of: connection)
            if error.isConnectionLost { close(after: error) }
            throw error
        }
        if let result = unsafe mysql_store_result(connection) { unsafe mysql_free_result(result) }
    }

    /// Returns whether the database has a table.
    ///
    /// A table that Consulate may not read counts as existing.
    package func hasTable(_ table: Table) throws(DatabaseError) -> Bool {
        try retryingOnce(where: \.isConnectionLost) { () throws(DatabaseError) in try !lacks(table) }
    }

    private func lacks(_ table: Table) throws(DatabaseError) -> Bool {
        do {
            try command("SELECT 1 FROM \(server.tablePrefix)\(table.name) LIMIT 0")
            return false
        } catch {
            switch error.code {
            case UInt32(ER_NO_SUCH_TABLE): return true
            case UInt32(ER_TABLEACCESS_DENIED_ERROR): return false
            default: throw error
            }
        }
    }

    /// Changes a table that other connections use.
    ///
    /// Each attempt waits for the other connections for at most a second, because they wait behind
    /// it. The attempts continue for about a minute.
    package func alter(_ migration: Migration, wait: () -> Void) throws(DatabaseError) {
        let text = text(of: migration)
        try command("SET SESSION lock_wait_timeout = 1")
        for _ in 1..<60 {
            do {
                return try command(text)
            } catch {
                guard error.code == UInt32(ER_LOCK_WAIT_TIMEOUT) else { throw error }
                wait()
            }
        }
        try command(text)
    }

    // MARK: The connection

    private func open() throws(DatabaseError) -> UnsafeMutablePointer<MYSQL> {
        if let open = unsafe handle {
            if unsafe isInTransaction || !isClosedByServer(open) { return unsafe open }
            close()
        }
        if isInTransaction {
            throw DatabaseError(code: UInt32(CR_SERVER_LOST), message: "the connection was lost within a transaction")
        }
        if let lastFailure, lastFailure.at.duration(to: .now) < .milliseconds(500) { throw lastFailure.error }
        do {
            let opened = unsafe try connect()
            unsafe handle = unsafe opened
            unsafe try checkVersion(opened)
            lastFailure = nil
            try command(
                "SET NAMES utf8mb4, time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION', autocommit = 1"
            )
            // Without a limit, MariaDB continues a statement after Consulate has stopped waiting
            // for it. So the limit is shorter than the read timeout.
            try command("SET SESSION max_statement_time = \(Double(server.readTimeout) * 0.9)")
            // The loser of a race must see the winner's row. A snapshot would show it older data.
            try command("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
            // In a cluster, a statement waits until this node has all commits of the other nodes.
            // So a token issued on another node is valid here at once.
            try waitForOthers()
            let (isMigrated, isAdopted) = (try !lacks(.migrations), try !lacks(.adoptions))
            names.areOwn = isMigrated && !isAdopted
            if isAdopted { try takeTimeZone() }
            names.collations = names.areOwn ? .none : unsafe try Collations(server.tablePrefix, on: opened)
            return unsafe opened
        } catch {
            close()
            lastFailure = (error, .now)
            throw error
        }
    }

    /// Sets the time zone of Laravel's connections, because Consulate reads and writes Laravel's
    /// times.
    ///
    /// Laravel uses the server's time zone if no time zone is configured.
    private func takeTimeZone() throws(DatabaseError) {
        do {
            try command("SET time_zone = \(server.timeZone.map { "'\($0)'" } ?? "DEFAULT")")
        } catch {
            guard error.code == UInt32(ER_UNKNOWN_TIME_ZONE) else { throw error }
            throw DatabaseError(
                code: error.code,
                message:
                    "DB_TIMEZONE is unknown here: write an offset such as +02:00, or load the time zones with mariadb-tzinfo-to-sql"
            )
        }
    }

    /// Makes reads, and changes that depend on existing rows, wait for the commits of other nodes.
    ///
    /// A MariaDB that was built without clusters does not know this setting.
    private func waitForOthers() throws(DatabaseError) {
        do {
            try command("SET SESSION wsrep_sync_wait = IF(@@wsrep_on, 3, 0)")
        } catch {
            guard error.code == UInt32(ER_UNKNOWN_SYSTEM_VARIABLE) else { throw error }
        }
    }

    private func checkVersion(_ connection: UnsafeMutablePointer<MYSQL>) throws(DatabaseError) {
        guard unsafe mysql_get_server_version(connection) < 100_602 else { return }
        let version = unsafe String(cString: mysql_get_server_info(connection))
        throw DatabaseError(
            code: 0, message: "the server is of the version \(version), and must be MariaDB 10.6.2 or later")
    }

    /// Connects to the socket, or to the first host that answers.
    ///
    /// The host that answered last is tried first.
    private func connect() throws(DatabaseError) -> UnsafeMutablePointer<MYSQL> {
        mysql_thread_init()
        guard server.socket == nil else { return unsafe try connect(to: nil) }
        var failure = DatabaseError(code: UInt32(CR_CONN_HOST_ERROR), message: "no host is named")
        for _ in server.hosts {
            do {
                return unsafe try connect(to: server.hosts[host % server.hosts.count])
            } catch {
                failure = error
                host += 1
            }
        }
        throw failure
    }

    private func connect(to host: DatabaseServer.Host?) throws(DatabaseError) -> UnsafeMutablePointer<MYSQL> {
        guard let connection = unsafe mysql_init(nil) else {
            throw DatabaseError(code: UInt32(CR_OUT_OF_MEMORY), message: "out of memory")
        }
        var connectTimeout = server.connectTimeout
        var readTimeout = server.readTimeout
        unsafe mysql_options(connection, MYSQL_OPT_CONNECT_TIMEOUT, &connectTimeout)
        if readTimeout > 0 {
            unsafe mysql_options(connection, MYSQL_OPT_READ_TIMEOUT, &readTimeout)
            unsafe mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &readTimeout)
        }
        if let authority = server.certificateAuthority {
            var yes: CChar = 1
            unsafe mysql_ssl_set(connection, nil, nil, authority, nil, nil)
            unsafe mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes)
            unsafe mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes)
        }
        let opened = unsafe mysql_real_connect(
            connection, host?.name, server.username, server.password, server.database, host?.port ?? 0, server.socket,
            UInt(CLIENT_FOUND_ROWS))
        guard unsafe opened != nil else {
            let error = unsafe DatabaseError(of: connection)
            unsafe mysql_close(connection)
            throw error
        }
        return unsafe connection
    }

    /// Returns whether the server has closed the connection since the last statement.
    ///
    /// Otherwise an idle connection has nothing to read. The check costs one look at the socket and
    /// no round trip.
    private func isClosedByServer(_ connection: UnsafeMutablePointer<MYSQL>) -> Bool {
        var socket = unsafe pollfd(fd: mysql_get_socket(connection), events: Int16(POLLIN), revents: 0)
        return unsafe poll(&socket, 1, 0) != 0
    }

    /// Closes an unusable connection, and leaves a node that is outside its cluster.
    private func close(after error: DatabaseError) {
        close()
        if error.isOutsideCluster { host += 1 }
    }

    private func close() {
        statements = PreparedStatements()
        memory = [:]
        if let open = unsafe handle { unsafe mysql_close(open) }
        unsafe handle = nil
    }
}
