/// A cookie that a response sets for the whole site, with `SameSite=Lax` (RFC 6265bis §4.1).
package struct Cookie: Sendable, CustomStringConvertible {
    package var name: String
    package var value: String
    /// The lifetime in seconds.
    ///
    /// With `nil`, the cookie lasts as long as the browser runs. 0 removes the cookie.
    package var maxAge: Int?
    package var isSecure: Bool
    package var isReadableByScripts: Bool

    /// Creates a cookie to set.
    package init(_ name: String, _ value: String, maxAge: Int?, isSecure: Bool, isReadableByScripts: Bool = false) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.isSecure = isSecure
        self.isReadableByScripts = isReadableByScripts
    }

    /// The value of a `Set-Cookie` field.
    package var description: String {
        var text = "\(name)=\(value); Path=/; SameSite=Lax"
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if isSecure { text += "; Secure" }
        if !isReadableByScripts { text += "; HttpOnly" }
        return text
    }
}
