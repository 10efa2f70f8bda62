import CFastCGI
import Glibc

/// A socket that nginx connects to.
package struct Listener: Sendable {
    /// The number of connections that the kernel may hold until a worker accepts them.
    ///
    /// The kernel silently limits it to `somaxconn`.
    package static let backlog: Int32 = 1024

    let descriptor: Int32
    /// Whether another process holds the socket too.
    ///
    /// Then the next responder accepts the waiting connections.
    let isInherited: Bool

    /// Opens `unix:/path`, `host:port`, or `inherited`.
    ///
    /// `inherited` is descriptor 0, from systemd's `StandardInput=socket` or from spawn-fcgi. Only
    /// the user and the group of a unix socket may connect (0660), and the group is the web
    /// server's. A process that may connect can forge any request.
    init(_ address: String) throws(ListenerError) {
        isInherited = address == "inherited"
        if isInherited {
            descriptor = STDIN_FILENO
            var isListening: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening == 1
            else {
                throw ListenerError(address: address, reason: "descriptor 0 is not a listening socket")
            }
        } else if address.hasPrefix("unix:") {
            descriptor = try Self.listen(unixPath: String(address.dropFirst(5)), address)
        } else {
            descriptor = try Self.listen(tcpAddress: address)
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Returns whether a process accepts connections at a unix socket.
    package static func isAnswering(unixPath path: String) -> Bool {
        guard let name = socketName(path) else { return false }
        return isAnswering(name)
    }

    private static func socketName(_ path: String) -> sockaddr_un? {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        guard !path.isEmpty, path.utf8.count < MemoryLayout.size(ofValue: name.sun_path) else { return nil }
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        return name
    }

    private static func listen(unixPath path: String, _ address: String) throws(ListenerError) -> Int32 {
        guard var name = socketName(path) else {
            throw ListenerError(address: address, reason: "a socket's path has 1 to 107 bytes")
        }
        guard !isAnswering(name) else {
            throw ListenerError(address: address, reason: "another process is listening there")
        }
        unsafe unlink(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, unsafe chmod(path, 0o660) == 0, Glibc.listen(descriptor, backlog) == 0 else {
            throw ListenerError(address: address, reason: String(errorNumber: errno))
        }
        return descriptor
    }

    private static func isAnswering(_ name: sockaddr_un) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return unsafe withUnsafePointer(to: name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private static func listen(tcpAddress address: String) throws(ListenerError) -> Int32 {
        guard let colon = address.lastIndex(of: ":") else {
            throw ListenerError(address: address, reason: "write unix:/path/to/socket, 127.0.0.1:9000 or inherited")
        }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let host = address[..<colon].filter { $0 != "[" && $0 != "]" }
        let port = String(address[address.index(after: colon)...])
        guard UInt16(port) != nil, unsafe getaddrinfo(host, port, &hints, &found) == 0, let first = unsafe found else {
            throw ListenerError(address: address, reason: "it is no address and port")
        }
        defer { unsafe freeaddrinfo(first) }
        let descriptor = unsafe socket(first.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0,
            Glibc.listen(descriptor, backlog) == 0
        else {
            throw ListenerError(address: address, reason: String(errorNumber: errno))
        }
        return descriptor
    }
}

/// The error that the server cannot listen at an address.
package struct ListenerError: Error, CustomStringConvertible {
    let address: String
    let reason: String

    /// The error in one sentence.
    package var description: String { "LISTEN=\(address) cannot be used: \(reason)." }
}

extension String {
    init(errorNumber: Int32) {
        self = unsafe String(cString: strerror(errorNumber))
    }
}
