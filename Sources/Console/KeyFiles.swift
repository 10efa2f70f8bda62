import AuthorizationServer
import Cryptography
import Foundation
import OAuth

/// The files `oauth-private.key` and `oauth-public.key`, or the settings that replace them.
struct KeyFiles {
    private let settings: Settings

    var privateKey: URL { URL(filePath: settings.keysPath).appending(path: "oauth-private.key") }
    var publicKey: URL { URL(filePath: settings.keysPath).appending(path: "oauth-public.key") }
    /// The key that will sign next.
    ///
    /// The public half of this key is already published.
    var nextKey: URL { URL(filePath: settings.keysPath).appending(path: "oauth-next.key") }
    var areSettings: Bool { !settings.privateKey.isEmpty }

    init(_ settings: Settings) {
        self.settings = settings
    }

    /// Reads the keys, or throws a sentence that names the unusable keys.
    func load() throws -> KeySet {
        let name = areSettings ? "PASSPORT_PRIVATE_KEY" : privateKey.path()
        do {
            return try KeySet(privateKey: privateText(), publicKeys: publicText())
        } catch let error as KeyError {
            throw ConsoleError("\(name), or the public keys beside it, cannot be used: \(error).")
        }
    }

    private func privateText() throws -> String {
        if areSettings { return Self.lines(settings.privateKey) }
        guard FileManager.default.fileExists(atPath: privateKey.path()) else {
            throw ConsoleError("\(privateKey.path()) does not exist: run `consulate install`, or set KEYS_PATH.")
        }
        return try read(privateKey)
    }

    private func publicText() throws -> String {
        if !settings.publicKey.isEmpty { return Self.lines(settings.publicKey) }
        return FileManager.default.fileExists(atPath: publicKey.path()) ? try read(publicKey) : ""
    }

    /// Returns a key that is written in one line, split into its lines.
    ///
    /// `\n` stands for the end of a line. Passport accepts this form too.
    static func lines(_ key: String) -> String { key.replacing("\\n", with: "\n") }

    private func read(_ file: URL) throws -> String {
        guard let data = FileManager.default.contents(atPath: file.path()) else {
            throw ConsoleError("\(file.path()) cannot be read by \(NSUserName()): `chown` it to the user that serves.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Writes a new key pair.
    ///
    /// The old public keys stay in the file after the new public key, so that the tokens they
    /// verify stay valid.
    func write(_ algorithm: SignatureAlgorithm) throws {
        let pem = try SigningKey.generate(algorithm)
        try FileManager.default.createDirectory(atPath: settings.keysPath, withIntermediateDirectories: true)
        let next = try nextPublicKey()
        try publish(
            [try SigningKey(pem: pem).publicKey.pem]
                + published().filter { try VerificationKey(pem: $0).id != next?.id })
        try? FileManager.default.removeItem(at: nextKey)
        try replace(privateKey, with: pem + "\n", mode: 0o600)
    }

    /// Writes the next key, and adds its public half after the published keys.
    func writeNext(_ algorithm: SignatureAlgorithm) throws {
        let pem = try SigningKey.generate(algorithm)
        try publish(published() + [try SigningKey(pem: pem).publicKey.pem])
        try replace(nextKey, with: pem + "\n", mode: 0o600)
    }

    /// Returns the public half of the next key, if a next key exists.
    func nextPublicKey() throws -> VerificationKey? {
        FileManager.default.fileExists(atPath: nextKey.path()) ? try SigningKey(pem: read(nextKey)).publicKey : nil
    }

    /// Returns the public half of the key that signs, if this key exists.
    func currentPublicKey() throws -> VerificationKey? {
        FileManager.default.fileExists(atPath: privateKey.path())
            ? try SigningKey(pem: read(privateKey)).publicKey : nil
    }

    /// Makes the next key the key that signs, and moves its public half to the first place.
    ///
    /// A Passport that reads this file uses the first key.
    func activate(_ next: VerificationKey) throws {
        try publish([next.pem] + published().filter { try VerificationKey(pem: $0).id != next.id })
        guard unsafe rename(nextKey.path(), privateKey.path()) == 0 else {
            throw ConsoleError("\(privateKey.path()) cannot be replaced.")
        }
    }

    /// Returns the public keys of the file, and the current public key, which the file may lack.
    private func published() throws -> [String] {
        let keys =
            FileManager.default.fileExists(atPath: publicKey.path()) ? KeySet.blocks(of: try read(publicKey)) : []
        guard let current = try currentPublicKey(),
            try !keys.contains(where: { try VerificationKey(pem: $0).id == current.id })
        else { return keys }
        return [current.pem] + keys
    }

    private func publish(_ keys: [String]) throws {
        try replace(publicKey, with: keys.joined(separator: "\n") + "\n", mode: 0o644)
    }

    private func replace(_ file: URL, with text: String, mode: Int) throws {
        let scratch = file.appendingPathExtension("new")
        try? FileManager.default.removeItem(at: scratch)
        guard
            FileManager.default.createFile(
                atPath: scratch.path(), contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        else {
            throw ConsoleError("\(file.path()) cannot be written by \(NSUserName()).")
        }
        try giveToOwner(scratch)
        guard unsafe rename(scratch.path(), file.path()) == 0 else {
            throw ConsoleError("\(file.path()) cannot be replaced.")
        }
    }

    /// Gives a file that root writes to the owner of the key that signs.
    ///
    /// If that key does not exist, the owner of the folder gets the file. The owner must be able to
    /// read it.
    private func giveToOwner(_ file: URL) throws {
        guard getuid() == 0 else { return }
        let files = FileManager.default
        let model = files.fileExists(atPath: privateKey.path()) ? privateKey.path() : settings.keysPath
        let owner = try files.attributesOfItem(atPath: model).filter {
            [.ownerAccountID, .groupOwnerAccountID].contains($0.key)
        }
        try files.setAttributes(owner, ofItemAtPath: file.path())
    }
}
