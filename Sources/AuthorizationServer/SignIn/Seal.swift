import Cryptography
import HTTP
import MariaDB
import OAuth

/// The proof that this server sent the user to sign in for an authorization request.
///
/// The seal travels with the request in `return_to`. So a request of a stranger needs no row. The
/// seal belongs to no browser, because the sign-in itself proves who continues.
struct Seal {
    /// The end of the seal in seconds since 1970, a dot, and an HMAC.
    let text: String
    private let expiry: Int64

    /// Seals an address for as long as a user has to answer.
    init(_ address: String, _ call: Call) {
        expiry = (call.now + AuthorizationRequest.patience).seconds
        let tag = call.application.applicationKey.authenticate(
            Self.sealed(address, until: expiry), for: .signInRequest)
        text = "\(expiry).\(Base64URL.encode(tag))"
    }

    /// Reads a seal, or returns `nil` for another form.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count <= 12, parts[1].utf8.count == 43, let expiry = Int64(parts[0])
        else { return nil }
        self.text = String(text)
        self.expiry = expiry
    }

    /// Returns whether the seal belongs to an address and has not expired.
    func isValid(for address: String, _ call: Call) -> Bool {
        guard expiry > call.now.seconds else { return false }
        return call.application.applicationKey.everyAuthentication(
            of: Self.sealed(address, until: expiry), for: .signInRequest
        ).contains { Digest.areEqual(text, "\(expiry).\(Base64URL.encode($0))") }
    }

    private static func sealed(_ address: String, until expiry: Int64) -> String { "\(expiry) \(address)" }
}
