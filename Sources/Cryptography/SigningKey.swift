import Crypto
import CryptoExtras
import FoundationEssentials

/// The algorithms of Consulate's tokens.
///
/// A key has exactly one algorithm, so a token never chooses its algorithm (RFC 8725 §3.1).
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case es256 = "ES256"
    case rs256 = "RS256"
}

/// A private key that signs tokens.
package struct SigningKey: Sendable {
    private enum Secret: Sendable {
        case p256(P256.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    private let secret: Secret
    /// The published key that verifies the signatures of this key.
    package let publicKey: VerificationKey

    /// Reads PEM text: a P-256 key, or an RSA key of 2048 bits or more.
    package init(pem: String) throws(KeyError) {
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) {
            secret = .p256(key)
            publicKey = VerificationKey(key.publicKey)
        } else if let key = try? _RSA.Signing.PrivateKey(pemRepresentation: pem) {
            secret = .rsa(key)
            publicKey = try VerificationKey(key.publicKey)
        } else {
            throw KeyError(
                reason: "it is not the PEM text of a P-256 private key, or of an RSA one with at least 2048 bits")
        }
    }

    /// Returns a new key, as PEM text.
    package static func generate(_ algorithm: SignatureAlgorithm) throws -> String {
        switch algorithm {
        case .es256: P256.Signing.PrivateKey().pemRepresentation
        case .rs256: try _RSA.Signing.PrivateKey(keySize: .bits3072).pkcs8PEMRepresentation
        }
    }

    /// Returns the signature of some bytes, in the form that JWS requires (RFC 7518 §3.3, §3.4).
    package func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        switch secret {
        case .p256(let key): try [UInt8](key.signature(for: bytes).rawRepresentation)
        case .rsa(let key): try [UInt8](key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }
}

/// A public key that verifies tokens.
package struct VerificationKey: Sendable {
    private enum Point: Sendable {
        case p256(P256.Signing.PublicKey)
        case rsa(_RSA.Signing.PublicKey)
    }

    private let point: Point
    /// The members of the key as a JWK, in order (RFC 7517 §4, RFC 7518 §6).
    ///
    /// `kid`, `alg` and `use` are not included.
    package let parameters: [(name: String, value: String)]
    /// The thumbprint of the key (RFC 7638).
    package let id: String

    /// Reads PEM text.
    package init(pem: String) throws(KeyError) {
        if let key = try? P256.Signing.PublicKey(pemRepresentation: pem) {
            self.init(key)
        } else if let key = try? _RSA.Signing.PublicKey(pemRepresentation: pem) {
            try self.init(key)
        } else {
            throw KeyError(
                reason: "it is not the PEM text of a P-256 public key, or of an RSA one with at least 2048 bits")
        }
    }

    init(_ key: P256.Signing.PublicKey) {
        point = .p256(key)
        let raw = key.rawRepresentation
        parameters = [
            ("crv", "P-256"), ("kty", "EC"), ("x", Base64URL.encode(raw.prefix(32))),
            ("y", Base64URL.encode(raw.suffix(32))),
        ]
        id = Self.thumbprint(parameters)
    }

    init(_ key: _RSA.Signing.PublicKey) throws(KeyError) {
        point = .rsa(key)
        guard let primitives = try? key.getKeyPrimitives() else { throw KeyError(reason: "its modulus cannot be read") }
        parameters = [
            ("e", Base64URL.encode(primitives.publicExponent)), ("kty", "RSA"),
            ("n", Base64URL.encode(primitives.modulus)),
        ]
        id = Self.thumbprint(parameters)
    }

    private static func thumbprint(_ parameters: [(name: String, value: String)]) -> String {
        let members = parameters.map { "\"\($0.name)\":\"\($0.value)\"" }.joined(separator: ",")
        return Base64URL.encode(Digest.sha256("{\(members)}"))
    }

    /// The only algorithm that this key verifies.
    package var algorithm: SignatureAlgorithm {
        switch point {
        case .p256: .es256
        case .rsa: .rs256
        }
    }

    /// The key as PEM text.
    package var pem: String {
        switch point {
        case .p256(let key): key.pemRepresentation
        case .rsa(let key): key.pemRepresentation
        }
    }

    /// Returns whether the signature is valid for the bytes.
    package func isValid(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
        switch point {
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: bytes)
        case .rsa(let key):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: bytes, padding: .insecurePKCS1v1_5)
        }
    }
}

/// The error that a key cannot be used.
package struct KeyError: Error, CustomStringConvertible {
    let reason: String
    /// The reason, as half a sentence.
    package var description: String { reason }

    /// Creates an error with half a sentence.
    package init(reason: String) {
        self.reason = reason
    }
}
