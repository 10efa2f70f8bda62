package import HTTPTypes

extension HTTPRequest.Method {
    /// Whether the method only reads (RFC 9110 §9.2.1).
    ///
    /// Only the methods that the server supports are considered.
    package var isSafe: Bool { self == .get || self == .head }
}
