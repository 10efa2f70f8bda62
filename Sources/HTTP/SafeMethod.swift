public import HTTPTypes

extension HTTPRequest.Method {
    /// Whether it only reads (RFC 9110 §9.2.1), of the methods that are served.
    public var isSafe: Bool { self == .get || self == .head }
}
