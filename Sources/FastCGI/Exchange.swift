import CFastCGI
import Glibc
import HTTP
import HTTPTypes

/// The libfcgi request of one worker, used for one request after the other.
@safe
struct Exchange: ~Copyable {
    private let fastCGI: UnsafeMutablePointer<FCGX_Request>
    private let bodyLimit: Int

    init(bodyLimit: Int) {
        unsafe fastCGI = .allocate(capacity: 1)
        unsafe FCGX_InitRequest(fastCGI, -1, 0)
        self.bodyLimit = bodyLimit
    }

    deinit {
        unsafe FCGX_Free(fastCGI, 1)
        unsafe fastCGI.deallocate()
    }

    /// Answers the next request of a connection and returns whether nginx keeps the connection.
    ///
    /// Reads the body to its end in every case. libfcgi does not do so, and would read the rest of
    /// the body as the next records.
    func answer(_ connection: Int32, with respond: (Request) -> Response) -> Bool {
        unsafe fastCGI.pointee.ipcFd = connection
        unsafe fastCGI.pointee.keepConnection = 1
        guard unsafe FCGX_Accept_r(fastCGI) == 0 else { return false }
        write(respond(read()))
        unsafe FCGX_Finish_r(fastCGI)
        defer { unsafe fastCGI.pointee.ipcFd = -1 }
        return unsafe fastCGI.pointee.ipcFd >= 0
    }

    // MARK: Reading

    private func read() -> Request {
        let (body, isTooLarge) = readBody()
        let target = parameter("REQUEST_URI") ?? "/"
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        return Request(
            method: HTTPRequest.Method(parameter("REQUEST_METHOD") ?? "GET") ?? .get,
            path: String(target[..<(mark ?? target.endIndex)]),
            query: mark.map { String(target[target.index(after: $0)...]) } ?? "",
            fields: readFields(),
            body: body,
            bodyIsTooLarge: isTooLarge,
            normalizedPath: parameter("DOCUMENT_URI"),
            remoteAddress: parameter("REMOTE_ADDR") ?? "",
            requiredScope: isSet("REQUIRED_SCOPE") ? parameter("REQUIRED_SCOPE") ?? "" : nil,
            requiredAudience: parameter("REQUIRED_AUDIENCE").flatMap { $0.isEmpty ? nil : $0 },
            id: parameter("REQUEST_ID") ?? "",
            configurationVersion: parameter("CONFIGURATION_VERSION").flatMap { Int($0) })
    }

    private func readBody() -> (bytes: [UInt8], isTooLarge: Bool) {
        let announced = parameter("CONTENT_LENGTH").flatMap { Int($0) } ?? 0
        var body: [UInt8] = []
        body.reserveCapacity(min(max(announced, 0), bodyLimit))
        var isTooLarge = false
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16384) { chunk in
            while case let count = unsafe FCGX_GetStr(chunk.baseAddress, Int32(chunk.count), fastCGI.pointee.in),
                count > 0
            {
                guard !isTooLarge, body.count + Int(count) <= bodyLimit else {
                    isTooLarge = true
                    continue
                }
                unsafe body.append(contentsOf: chunk.prefix(Int(count)).lazy.map { UInt8(bitPattern: $0) })
            }
        }
        return isTooLarge ? ([], true) : (body, false)
    }

    /// The header fields that the server reads.
    ///
    /// Each field has one line in `nginx/parameters.conf`.
    private static let fields: [(parameter: StaticString, name: HTTPField.Name)] =
        [
            ("CONTENT_TYPE", "Content-Type"), ("HTTP_CONTENT_ENCODING", "Content-Encoding"), ("HTTP_ACCEPT", "Accept"),
            ("HTTP_ACCEPT_LANGUAGE", "Accept-Language"), ("HTTP_AUTHORIZATION", "Authorization"),
            ("HTTP_COOKIE", "Cookie"),
            ("HTTP_ORIGIN", "Origin"), ("HTTP_USER_AGENT", "User-Agent"), ("HTTP_X_CSRF_TOKEN", "X-CSRF-TOKEN"),
            ("HTTP_X_XSRF_TOKEN", "X-XSRF-TOKEN"),
            ("HTTP_ACCESS_CONTROL_REQUEST_METHOD", "Access-Control-Request-Method"),
        ].compactMap { parameter, name in HTTPField.Name(name).map { (parameter, $0) } }

    private func readFields() -> HTTPFields {
        var fields = HTTPFields()
        for (name, field) in Self.fields {
            if let value = parameter(name) { fields.append(HTTPField(name: field, value: value)) }
        }
        return fields
    }

    /// Returns whether nginx sent a parameter, which may be empty.
    private func isSet(_ name: StaticString) -> Bool {
        let name = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        return unsafe FCGX_GetParam(name, fastCGI.pointee.envp) != nil
    }

    private func parameter(_ name: StaticString) -> String? {
        let name = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        guard let value = unsafe FCGX_GetParam(name, fastCGI.pointee.envp), unsafe value.pointee != 0 else {
            return nil
        }
        return unsafe String(cString: value)
    }

    // MARK: Writing

    private func write(_ response: Response) {
        write("Status: \(response.status.code) \(response.status.reasonPhrase)\r\n")
        for field in response.fields {
            // Each piece goes into libfcgi's buffer separately. Joining the pieces would cost an
            // allocation for each line.
            write(field.name.rawName)
            write(": ")
            write(field.value)
            write("\r\n")
        }
        if response.status != .noContent { write("Content-Length: \(response.body.count)\r\n") }
        write("\r\n")
        unsafe response.body.withUnsafeBufferPointer { unsafe write($0) }
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { unsafe write($0) }
    }

    private func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
            _ = unsafe FCGX_PutStr(text, Int32(bytes.count), fastCGI.pointee.out)
        }
    }
}
