import CMariaDB

/// A statement that is prepared on one connection, with the memory for its results.
@safe
final class Statement {
    /// The size of the memory for one column's value.
    ///
    /// A longer value is fetched separately.
    private static let stride = 256

    private let handle: UnsafeMutablePointer<MYSQL_STMT>
    private let parameterCount: Int
    private let columns: [(name: String, kind: Kind)]
    private let binds: UnsafeMutableBufferPointer<MYSQL_BIND>
    private let lengths: UnsafeMutableBufferPointer<UInt>
    private let nulls: UnsafeMutableBufferPointer<CChar>
    private let memory: UnsafeMutableRawBufferPointer
    /// The number of the last use among all uses of the connection's statements.
    var lastUse = 0

    private enum Kind {
        case integer
        case text
        case bytes
        case time

        var type: enum_field_types {
            switch self {
            case .integer: MYSQL_TYPE_LONGLONG
            case .text, .bytes: MYSQL_TYPE_STRING
            case .time: MYSQL_TYPE_DATETIME
            }
        }
    }

    init(_ text: String, on connection: UnsafeMutablePointer<MYSQL>) throws(DatabaseError) {
        guard let handle = unsafe mysql_stmt_init(connection) else { throw unsafe DatabaseError(of: connection) }
        guard unsafe mysql_stmt_prepare(handle, text, UInt(text.utf8.count)) == 0 else {
            let error = unsafe DatabaseError(of: handle)
            unsafe mysql_stmt_close(handle)
            throw error
        }
        unsafe self.handle = unsafe handle
        parameterCount = unsafe Int(mysql_stmt_param_count(handle))
        columns = unsafe Self.columns(of: handle)

        unsafe binds = .allocate(capacity: columns.count)
        unsafe binds.initialize(repeating: MYSQL_BIND())
        unsafe lengths = .allocate(capacity: columns.count)
        unsafe lengths.initialize(repeating: 0)
        unsafe nulls = .allocate(capacity: columns.count)
        unsafe nulls.initialize(repeating: 0)
        unsafe memory = .allocate(byteCount: columns.count * Self.stride, alignment: 16)
        for (index, column) in columns.enumerated() {
            unsafe binds[index].buffer_type = column.kind.type
            unsafe binds[index].buffer = memory.baseAddress?.advanced(by: index * Self.stride)
            unsafe binds[index].buffer_length = UInt(Self.stride)
            unsafe binds[index].length = lengths.baseAddress?.advanced(by: index)
            unsafe binds[index].is_null = nulls.baseAddress?.advanced(by: index)
        }
    }

    deinit {
        unsafe mysql_stmt_close(handle)
        unsafe binds.deallocate()
        unsafe lengths.deallocate()
        unsafe nulls.deallocate()
        unsafe memory.deallocate()
    }

    private static func columns(of handle: UnsafeMutablePointer<MYSQL_STMT>) -> [(name: String, kind: Kind)] {
        guard let metadata = unsafe mysql_stmt_result_metadata(handle) else { return [] }
        defer { unsafe mysql_free_result(metadata) }
        return unsafe (0..<Int(mysql_num_fields(metadata))).map { index in
            let field = unsafe mysql_fetch_field_direct(metadata, UInt32(index)).pointee
            let kind: Kind =
                switch unsafe field.type {
                case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_INT24, MYSQL_TYPE_LONG, MYSQL_TYPE_LONGLONG: .integer
                case MYSQL_TYPE_DATETIME, MYSQL_TYPE_TIMESTAMP: .time
                // 63 is the character set "binary".
                case MYSQL_TYPE_STRING, MYSQL_TYPE_VAR_STRING, MYSQL_TYPE_BLOB:
                    unsafe field.charsetnr == 63 ? .bytes : .text
                default: .text
                }
            return unsafe (String(cString: field.name), kind)
        }
    }

    /// Runs the statement and returns how many rows it found or changed.
    func execute(_ values: [BoundValue]) throws(DatabaseError) -> Int {
        guard values.count == parameterCount else { throw .mismatch("?") }
        var bytes: [UInt8] = []
        var places: [Range<Int>] = []
        for value in values {
            while bytes.count % MemoryLayout<MYSQL_TIME>.alignment != 0 { bytes.append(0) }
            let start = bytes.count
            switch value {
            case .null: break
            case .integer(let number): unsafe withUnsafeBytes(of: number) { unsafe bytes.append(contentsOf: $0) }
            case .text(let text): bytes.append(contentsOf: text.utf8)
            case .bytes(let raw): bytes.append(contentsOf: raw)
            case .time(let time): unsafe withUnsafeBytes(of: time.calendarTime) { unsafe bytes.append(contentsOf: $0) }
            }
            places.append(start..<bytes.count)
        }
        let failed = unsafe bytes.withUnsafeMutableBytes { bytes in
            var binds = unsafe values.enumerated().map { index, value in
                var bind = unsafe MYSQL_BIND()
                unsafe bind.buffer = unsafe bytes.baseAddress?.advanced(by: places[index].lowerBound)
                unsafe bind.buffer_length = UInt(places[index].count)
                unsafe bind.buffer_type =
                    switch value {
                    case .null: MYSQL_TYPE_NULL
                    case .integer: MYSQL_TYPE_LONGLONG
                    case .text: MYSQL_TYPE_STRING
                    case .bytes: MYSQL_TYPE_BLOB
                    case .time: MYSQL_TYPE_DATETIME
                    }
                return unsafe bind
            }
            return unsafe (!binds.isEmpty && mysql_stmt_bind_param(handle, &binds) != 0)
                || mysql_stmt_execute(handle) != 0
        }
        if failed { throw unsafe DatabaseError(of: handle) }
        return unsafe columns.isEmpty ? Int(mysql_stmt_affected_rows(handle)) : 0
    }

    /// Returns the rows that `execute` found.
    func fetch() throws(DatabaseError) -> [Row] {
        defer { unsafe mysql_stmt_free_result(handle) }
        guard unsafe mysql_stmt_bind_result(handle, binds.baseAddress) == 0, unsafe mysql_stmt_store_result(handle) == 0
        else {
            throw unsafe DatabaseError(of: handle)
        }
        let names = columns.map(\.name)
        var rows: [Row] = []
        while true {
            switch unsafe mysql_stmt_fetch(handle) {
            case 0, MYSQL_DATA_TRUNCATED: rows.append(Row(columns: names, values: try columns.indices.map(value)))
            case MYSQL_NO_DATA: return rows
            default: throw unsafe DatabaseError(of: handle)
            }
        }
    }

    private func value(at index: Int) throws(DatabaseError) -> BoundValue {
        if unsafe nulls[index] != 0 { return .null }
        let start = index * Self.stride
        let length = unsafe Int(lengths[index])
        let kind = columns[index].kind
        switch kind {
        case .integer: return unsafe .integer(memory.load(fromByteOffset: start, as: Int64.self))
        case .time:
            return unsafe Timestamp(memory.load(fromByteOffset: start, as: MYSQL_TIME.self)).map(BoundValue.time)
                ?? .null
        case .text where length <= Self.stride:
            return unsafe .text(String(decoding: memory[start..<start + length], as: UTF8.self))
        case .text, .bytes: break
        }
        let bytes =
            unsafe length <= Self.stride
            ? Array(memory[start..<start + length]) : try longValue(at: index, length: length)
        return kind == .bytes ? .bytes(bytes) : .text(String(decoding: bytes, as: UTF8.self))
    }

    private func longValue(at index: Int, length: Int) throws(DatabaseError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        let failed = unsafe bytes.withUnsafeMutableBytes { bytes in
            var bind = unsafe MYSQL_BIND()
            unsafe bind.buffer_type = MYSQL_TYPE_STRING
            unsafe bind.buffer = bytes.baseAddress
            unsafe bind.buffer_length = UInt(length)
            return unsafe mysql_stmt_fetch_column(handle, &bind, UInt32(index), 0) != 0
        }
        if failed { throw unsafe DatabaseError(of: handle) }
        return bytes
    }

    /// The number that `AUTO_INCREMENT` gave to the inserted row.
    var insertedID: Int { unsafe Int(mysql_stmt_insert_id(handle)) }
}

extension DatabaseError {
    init(of connection: UnsafeMutablePointer<MYSQL>) {
        self = unsafe DatabaseError(code: mysql_errno(connection), message: String(cString: mysql_error(connection)))
    }

    init(of statement: UnsafeMutablePointer<MYSQL_STMT>) {
        self = unsafe DatabaseError(
            code: mysql_stmt_errno(statement), message: String(cString: mysql_stmt_error(statement)))
    }
}
