import Foundation
import Glibc

/// Ports of 127.0.0.1.
package enum LocalPort {
    /// Returns a port on which no process listens.
    package static func free() -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16 = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                _ = unsafe bind(descriptor, name, size)
                _ = unsafe getsockname(descriptor, name, &size)
            }
            return unsafe pointer.pointee.sin_port
        }
        return Int(UInt16(bigEndian: port))
    }

    /// Waits until a process listens on a port, and returns whether a process listens.
    package static func waits(for port: Int, seconds: Int = 20) -> Bool {
        for _ in 0..<seconds * 50 {
            if isAnswering(port) { return true }
            usleep(20_000)
        }
        return false
    }

    /// Returns whether a process listens on a port.
    package static func isAnswering(_ port: Int) -> Bool {
        guard let connection = connect(to: port) else { return false }
        close(connection)
        return true
    }

    /// Returns a connection to a port, which the caller closes.
    ///
    /// Returns `nil` if no process listens on the port.
    package static func connect(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
