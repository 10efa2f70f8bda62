import Cryptography
import HTTP
import OAuth
import Testing

/// The keys of each purpose.
@Suite struct `Keys by purpose` {
    private static let es256 = try! SigningKey.generate(.es256)
    private static let rs256 = try! SigningKey.generate(.rs256)

    private func publicPEM(_ pem: String) throws -> String { try SigningKey(pem: pem).publicKey.pem }

    @Test func `every purpose has files and settings of its own`() {
        #expect(Set(KeyPurpose.all.map(\.name)).count == KeyPurpose.all.count)
        #expect(Set(KeyPurpose.all.map(\.files)).count == KeyPurpose.all.count)
        #expect(Set(KeyPurpose.all.map(\.settings)).count == KeyPurpose.all.count)
    }

    @Test(arguments: KeyPurpose.all) func `a private key of another algorithm is refused`(purpose: KeyPurpose) throws {
        let (right, wrong) = purpose.algorithm == .es256 ? (Self.es256, Self.rs256) : (Self.rs256, Self.es256)
        #expect(try KeySet(purpose, privateKey: right, publicKeys: "").verifying.count == 1)
        #expect(throws: KeyError.self) { try KeySet(purpose, privateKey: wrong, publicKeys: "") }
    }

    @Test func `public keys of another algorithm belong to another purpose`() throws {
        let both = try publicPEM(Self.es256) + "\n" + publicPEM(Self.rs256)
        for purpose in KeyPurpose.all {
            let set = try KeySet(purpose, privateKey: nil, publicKeys: both)
            #expect(set.signing == nil)
            #expect(set.verifying.map(\.algorithm) == [purpose.algorithm])
        }
    }

    @Test func `the documents share no key, and access tokens are verified with both`() throws {
        let ring = KeyRing([
            try KeySet(.accessToken, privateKey: Self.es256, publicKeys: publicPEM(Self.es256)),
            try KeySet(.passport, privateKey: nil, publicKeys: publicPEM(Self.rs256)),
        ])
        let (es256, rs256) = (
            try SigningKey(pem: Self.es256).publicKey.id, try SigningKey(pem: Self.rs256).publicKey.id
        )
        func published(_ document: KeyPurpose.Document) -> [String?] {
            guard case .array(let keys)? = JSON(parsing: ring.published(in: document))?["keys"] else { return [] }
            return keys.map { $0["kid"]?.text }
        }
        #expect(published(.ofServer) == [es256])
        #expect(published(.ofPassport) == [rs256])
        #expect(ring.ofAccessTokens.map(\.id) == [es256, rs256])
        #expect(ring.signing(.accessToken)?.publicKey.id == es256)
        #expect(ring.signing(.passport) == nil)
    }
}
