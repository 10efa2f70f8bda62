import AuthorizationServer
import Cryptography
import Foundation

/// The files `oauth-private.key` and `oauth-public.key`, or the settings that stand for them.
struct KeyFiles {
    private let settings: Settings

    var privateKey: URL { URL(filePath: settings.keysPath).appending(path: "oauth-private.key") }
    var publicKey: URL { URL(filePath: settings.keysPath).appending(path: "oauth-public.key") }
    /// The key that will sign next, whose public half is published already.
    var nextKey: URL { URL(filePath: settings.keysPath).appending(path: "oauth-next.key") }
    var areSettings: Bool { !settings.privateKey.isEmpty }

    init(_ settings: Settings) {
        self.settings = settings
    }

    /// Reads the keys, or throws a sentence that names what cannot be used.
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

    /// A key in one line, as Passport takes it too: `\n` stands for the ends of its lines.
    static func lines(_ key: String) -> String { key.replacing("\\n", with: "\n") }

    private func read(_ file: URL) throws -> String {
        guard let data = FileManager.default.contents(atPath: file.path()) else {
            throw ConsoleError("\(file.path()) cannot be read by \(NSUserName()): `chown` it to the user that serves.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Writes a new pair; the public keys that there were stay behind it, so that tokens they verify live on.
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

    /// Writes the next key, and its public half behind those that are published.
    func writeNext(_ algorithm: SignatureAlgorithm) throws {
        let pem = try SigningKey.generate(algorithm)
        try publish(published() + [try SigningKey(pem: pem).publicKey.pem])
        try replace(nextKey, with: pem + "\n", mode: 0o600)
    }

    /// The public half of the next key, if there is one.
    func nextPublicKey() throws -> VerificationKey? {
        FileManager.default.fileExists(atPath: nextKey.path()) ? try SigningKey(pem: read(nextKey)).publicKey : nil
    }

    /// The public half of the key that signs, if there is one.
    func currentPublicKey() throws -> VerificationKey? {
        FileManager.default.fileExists(atPath: privateKey.path())
            ? try SigningKey(pem: read(privateKey)).publicKey : nil
    }

    /// Makes the next key the one that signs, and its public half the first: a Passport that reads this file takes that one.
    func activate(_ next: VerificationKey) throws {
        try publish([next.pem] + published().filter { try VerificationKey(pem: $0).id != next.id })
        guard unsafe rename(nextKey.path(), privateKey.path()) == 0 else {
            throw ConsoleError("\(privateKey.path()) cannot be replaced.")
        }
    }

    /// The public keys of the file, and the current one's, which need not be there.
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

    /// Where root writes it: whoever owns the key that signs, or else the folder, must be able to read it.
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
