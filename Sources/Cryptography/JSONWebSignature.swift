/// A JWS in compact serialization, split into its parts and not yet verified (RFC 7515 §3.1).
package struct JSONWebSignature: Sendable {
    package let header: [UInt8]
    package let payload: [UInt8]
    package let signature: [UInt8]
    /// The bytes that the signature covers.
    package let signingInput: [UInt8]

    /// Splits a token into its parts.
    ///
    /// Returns `nil` unless the token is three parts of base64url.
    package init?(compact: some StringProtocol) {
        let bytes = Array(compact.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { return nil }
        self.header = header
        self.payload = payload
        self.signature = signature
        signingInput = Array(bytes.dropLast(parts[2].count + 1))
    }

    /// Signs a payload and returns the complete token.
    package static func compact(header: [UInt8], payload: [UInt8], sign: ([UInt8]) throws -> [UInt8]) rethrows -> String
    {
        let input = "\(Base64URL.encode(header)).\(Base64URL.encode(payload))"
        return try "\(input).\(Base64URL.encode(sign(Array(input.utf8))))"
    }
}
