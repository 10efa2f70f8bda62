import CMariaDB

/// MariaDB's own code and message, or what went wrong on the way there.
public struct DatabaseError: Error, CustomStringConvertible, Sendable {
    /// The server's or the client library's number, as in MariaDB's documentation; 0 for ours.
    public let code: UInt32
    /// The message, in English; it may hold values of the statement, so it is for the log alone.
    public let message: String
    /// The connection was lost while `COMMIT` was under way, so nobody knows whether it happened.
    public var outcomeIsUnknown = false

    static func mismatch(_ column: String) -> DatabaseError {
        DatabaseError(code: 0, message: "column \(column) is missing or does not hold what was expected")
    }

    /// The whole transaction may be tried again: a deadlock, a failed certification, or a lock that was waited for too long.
    public var isRetryable: Bool {
        code == UInt32(ER_LOCK_DEADLOCK) || code == UInt32(ER_LOCK_WAIT_TIMEOUT)
    }

    /// A unique key already holds this value.
    public var isDuplicateKey: Bool { code == UInt32(ER_DUP_ENTRY) }

    /// The column of an application's own table that cannot hold a text: it is too short, or has
    /// not all characters.
    public var unfitColumn: String? {
        guard [UInt32(ER_DATA_TOO_LONG), UInt32(ER_TRUNCATED_WRONG_VALUE_FOR_FIELD)].contains(code) else { return nil }
        return message.firstMatch(of: #/column (?:`\w+`\.`\w+`\.)?['`](\w+)['`] at row/#).map { String($0.1) }
    }

    /// A compound statement says that a condition does not hold.
    var isSignal: Bool { code == UInt32(ER_SIGNAL_EXCEPTION) }

    /// MariaDB gave a statement up, at the time it was given or because somebody asked it to.
    var isInterrupted: Bool { code == UInt32(ER_QUERY_INTERRUPTED) || code == UInt32(ER_STATEMENT_TIMEOUT) }

    /// A node of a cluster that is not with the majority, and answers nothing.
    var isOutsideCluster: Bool { code == UInt32(ER_UNKNOWN_COM_ERROR) }

    /// The hour that a change to summer time leaves out, in a column of the type `TIMESTAMP`:
    /// MariaDB takes no time of it, from Laravel neither.
    var isOfMissingHour: Bool {
        code == UInt32(ER_TRUNCATED_WRONG_VALUE) && message.hasPrefix("Incorrect datetime value")
    }

    /// The connection is gone, or of no use.
    public var isConnectionLost: Bool {
        isOutsideCluster
            || [
                UInt32(CR_SERVER_GONE_ERROR), UInt32(CR_SERVER_LOST), UInt32(ER_SERVER_SHUTDOWN),
                UInt32(ER_CONNECTION_KILLED),
            ].contains(code)
    }

    /// The statement was not even sent.
    var isUnsent: Bool { code == UInt32(CR_SERVER_GONE_ERROR) || isOutsideCluster }

    /// Nothing is wrong with the request: the database is away, full or overloaded, and trying later may help.
    public var isTemporary: Bool {
        isConnectionLost || isRetryable || isInterrupted || isOfMissingHour || outcomeIsUnknown
            || [
                UInt32(CR_CONNECTION_ERROR), UInt32(CR_CONN_HOST_ERROR), UInt32(CR_UNKNOWN_HOST),
                UInt32(CR_SERVER_HANDSHAKE_ERR),
                UInt32(CR_SOCKET_CREATE_ERROR), UInt32(CR_IPSOCK_ERROR),
                UInt32(ER_CON_COUNT_ERROR), UInt32(ER_TOO_MANY_USER_CONNECTIONS), UInt32(ER_OPTION_PREVENTS_STATEMENT),
                UInt32(ER_DISK_FULL),
                UInt32(ER_RECORD_FILE_FULL),
            ].contains(code)
    }

    /// Code and message.
    public var description: String { "MariaDB \(code): \(message)" }
}
