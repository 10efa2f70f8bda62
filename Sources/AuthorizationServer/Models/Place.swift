import HTTP
import HTTPTypes

/// The place where a user signed in or agreed: an address, and the device's description of itself.
struct Place: Sendable {
    let address: String
    let userAgent: String

    init(address: String, userAgent: String) {
        self.address = address.truncated(to: 45)
        self.userAgent = userAgent.truncated(to: 255)
    }

    init(_ call: Call) {
        self.init(address: call.request.remoteAddress, userAgent: call.request[.userAgent] ?? "")
    }
}
