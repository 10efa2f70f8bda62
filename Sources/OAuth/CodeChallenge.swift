import Cryptography
import HTTP

/// The challenge of a code.
///
/// Only `S256` is accepted, because `plain` protects nothing (RFC 7636, RFC 9700 §2.1.1).
package struct CodeChallenge: Sendable, Equatable {
    package let text: String

    /// Creates a challenge from its stored text.
    package init(stored text: String) {
        self.text = text
    }

    /// Reads `code_challenge` and `code_challenge_method`, or returns `nil` if neither was sent
    /// (RFC 7636 §4.3).
    package init?(_ challenge: String?, method: String?) throws(OAuthError) {
        guard let challenge else {
            if method != nil { throw .invalidRequest("code_challenge") }
            return nil
        }
        guard method == "S256" else {
            throw .invalidRequest("code_challenge_method", "The code challenge method must be S256.")
        }
        guard challenge.utf8.count == 43, Base64URL.decode(challenge)?.count == 32 else {
            throw .invalidRequest(
                "code_challenge", "An S256 code challenge is the base64url form of 32 bytes, without padding.")
        }
        text = challenge
    }

    /// Returns whether a verifier has the right form and the right digest (RFC 7636 §4.1, §4.6).
    package func verifies(_ verifier: String) -> Bool {
        Self.isWellFormed(verifier) && Digest.areEqual(Base64URL.encode(Digest.sha256(verifier)), text)
    }

    /// Returns whether a verifier has 43 to 128 unreserved characters (RFC 7636 §4.1).
    package static func isWellFormed(_ verifier: String) -> Bool {
        (43...128).contains(verifier.utf8.count)
            && verifier.utf8.allSatisfy(Authority.isUnreserved)
    }
}
