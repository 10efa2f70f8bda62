import Cryptography

/// The challenge of a code: `S256` alone, since `plain` protects nothing (RFC 7636, RFC 9700 §2.1.1).
public struct CodeChallenge: Sendable, Equatable {
    public let text: String

    /// Takes a stored challenge.
    init(stored text: String) {
        self.text = text
    }

    /// Reads `code_challenge` and `code_challenge_method`; `nil` where neither was sent (RFC 7636 §4.3).
    init?(_ challenge: String?, method: String?) throws(OAuthError) {
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

    /// Whether a verifier has the right form and digest (RFC 7636 §4.1, §4.6).
    func verifies(_ verifier: String) -> Bool {
        Self.isWellFormed(verifier) && Digest.areEqual(Base64URL.encode(Digest.sha256(verifier)), text)
    }

    /// 43 to 128 unreserved characters (RFC 7636 §4.1).
    static func isWellFormed(_ verifier: String) -> Bool {
        (43...128).contains(verifier.utf8.count)
            && verifier.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }
}
