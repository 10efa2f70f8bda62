import HTTP

/// The place where a user signed in or agreed: an address, and the device's description of itself.
package struct Place: Sendable {
    package let address: String
    package let userAgent: String

    package init(address: String, userAgent: String) {
        self.address = address.truncated(to: 45)
        self.userAgent = userAgent.truncated(to: 255)
    }
}
