/// A cookie that a response sets for the whole site, with `SameSite=Lax` (RFC 6265bis §4.1).
public struct Cookie: Sendable, CustomStringConvertible {
    public var name: String
    public var value: String
    /// The lifetime in seconds.
    ///
    /// With `nil`, the cookie lasts as long as the browser runs. 0 removes the cookie.
    public var maxAge: Int?
    public var isSecure: Bool
    public var isReadableByScripts: Bool

    /// Creates a cookie to set.
    public init(_ name: String, _ value: String, maxAge: Int?, isSecure: Bool, isReadableByScripts: Bool = false) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.isSecure = isSecure
        self.isReadableByScripts = isReadableByScripts
    }

    /// The value of a `Set-Cookie` field.
    public var description: String {
        var text = "\(name)=\(value); Path=/; SameSite=Lax"
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if isSecure { text += "; Secure" }
        if !isReadableByScripts { text += "; HttpOnly" }
        return text
    }
}
