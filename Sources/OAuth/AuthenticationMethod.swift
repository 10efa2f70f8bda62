/// A method by which a user signed in (RFC 8176 §2).
package enum AuthenticationMethod: String, Sendable {
    case password = "pwd"
}
