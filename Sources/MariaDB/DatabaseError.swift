import CMariaDB

/// The code and the message of MariaDB, or of a failure before MariaDB was reached.
package struct DatabaseError: Error, CustomStringConvertible, Sendable {
    /// The number from the server or the client library, as in MariaDB's documentation.
    ///
    /// 0 marks an error of Consulate's own.
    package let code: UInt32
    /// The message, in English.
    ///
    /// The message may contain values of the statement, so only operators see it.
    package let message: String
    /// Whether the connection was lost during `COMMIT`, or during a transaction that is one
    /// statement, so that nobody knows whether the commit happened.
    package var outcomeIsUnknown = false

    static func mismatch(_ column: String) -> DatabaseError {
        DatabaseError(code: 0, message: "column \(column) is missing or does not hold what was expected")
    }

    /// Whether the whole transaction may be retried.
    ///
    /// The reason is a deadlock, a failed certification, or a lock that was waited for too long.
    package var isRetryable: Bool {
        code == UInt32(ER_LOCK_DEADLOCK) || code == UInt32(ER_LOCK_WAIT_TIMEOUT)
    }

    /// Whether a unique key already holds this value.
    package var isDuplicateKey: Bool { code == UInt32(ER_DUP_ENTRY) }

    /// The column of an application's own table that cannot hold a text.
    ///
    /// The column is too short, or its character set lacks a character.
    package var unfitColumn: String? {
        guard [UInt32(ER_DATA_TOO_LONG), UInt32(ER_TRUNCATED_WRONG_VALUE_FOR_FIELD)].contains(code) else { return nil }
        return message.firstMatch(of: #/column (?:`\w+`\.`\w+`\.)?['`](\w+)['`] at row/#).map { String($0.1) }
    }

    /// Whether a statement names a column that a table no longer has.
    package var isUnknownColumn: Bool { code == UInt32(ER_BAD_FIELD_ERROR) }

    /// Whether a compound statement of ours reports that a condition does not hold.
    ///
    /// The number is our own, because a shop's trigger on these tables may send a signal too.
    var isSignal: Bool { code == 31_000 }

    /// Whether MariaDB ended a statement, at its time limit or because somebody asked MariaDB to.
    var isInterrupted: Bool { code == UInt32(ER_QUERY_INTERRUPTED) || code == UInt32(ER_STATEMENT_TIMEOUT) }

    /// Whether the error comes from a cluster node that is not with the majority and answers
    /// nothing.
    var isOutsideCluster: Bool { code == UInt32(ER_UNKNOWN_COM_ERROR) }

    /// Whether a time for a `TIMESTAMP` column is in the hour that a change to summer time leaves
    /// out.
    ///
    /// MariaDB accepts no time in this hour. It does not accept one from Laravel either.
    var isOfMissingHour: Bool {
        code == UInt32(ER_TRUNCATED_WRONG_VALUE) && message.hasPrefix("Incorrect datetime value")
    }

    /// Whether the connection is lost or unusable.
    package var isConnectionLost: Bool {
        isOutsideCluster
            || [
                UInt32(CR_SERVER_GONE_ERROR), UInt32(CR_SERVER_LOST), UInt32(ER_SERVER_SHUTDOWN),
                UInt32(ER_CONNECTION_KILLED),
            ].contains(code)
    }

    /// Whether the statement was not sent.
    var isUnsent: Bool { code == UInt32(CR_SERVER_GONE_ERROR) || isOutsideCluster }

    /// Whether the request is correct and a later attempt may succeed.
    ///
    /// The reason is that the database is away, full or overloaded.
    package var isTemporary: Bool {
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

    /// The code and the message.
    package var description: String { "MariaDB \(code): \(message)" }
}
