import AuthorizationServer
import Cryptography
import Foundation
import OAuth

/// The files of the keys of one purpose, or the settings that replace them.
struct KeyFiles {
    let purpose: KeyPurpose
    private let settings: Settings

    var privateKey: URL { file("private") }
    var publicKey: URL { file("public") }
    /// The key that will sign next.
    ///
    /// The public half of this key is already published.
    var nextKey: URL { file("next") }
    /// The name of the setting that replaces the private file.
    var privateSetting: String { purpose.settings + "_PRIVATE_KEY" }
    /// The name of the setting that replaces the public file.
    var publicSetting: String { purpose.settings + "_PUBLIC_KEY" }

    init(_ settings: Settings, for purpose: KeyPurpose) {
        self.settings = settings
        self.purpose = purpose
    }

    private func file(_ half: String) -> URL {
        URL(filePath: settings.keysPath).appending(path: "\(purpose.files)-\(half).key")
    }

    // MARK: - Reading

    /// Reads the keys of all purposes, or throws a sentence that names the unusable keys.
    ///
    /// The key that signs the access tokens must exist.
    static func load(_ settings: Settings) throws -> KeyRing {
        let signing = KeyFiles(settings, for: settings.tokenProfile.key)
        guard try signing.exist() else { throw signing.missing }
        return KeyRing(try KeyPurpose.all.map { try KeyFiles(settings, for: $0).load() })
    }

    /// Reads the keys, or throws a sentence that names the unusable keys.
    func load() throws -> KeySet {
        do {
            return try KeySet(purpose, privateKey: privateText(), publicKeys: publicText())
        } catch let error as KeyError {
            let name = settingThatSigns ?? fileThatSigns.path()
            throw ConsoleError("\(name), or the public keys beside it, cannot be used: \(error).")
        }
    }

    /// Whether a setting replaces a file.
    var areSettings: Bool { !text(privateSetting).isEmpty || !text(publicSetting).isEmpty }

    /// The setting with the key that signs, or `nil` if a file has this key.
    var settingThatSigns: String? {
        if !text(privateSetting).isEmpty { return privateSetting }
        let passport = KeyFiles(settings, for: .passport)
        guard purpose == .accessToken, !FileManager.default.fileExists(atPath: privateKey.path()),
            isOfAccessTokens(passport.text(passport.privateSetting))
        else { return nil }
        return passport.privateSetting
    }

    /// The file of the key that signs.
    ///
    /// Earlier versions wrote the key of access tokens into Passport's file.
    var fileThatSigns: URL {
        guard !FileManager.default.fileExists(atPath: privateKey.path()), (try? formerPrivateText()) != nil else {
            return privateKey
        }
        return KeyFiles(settings, for: .passport).privateKey
    }

    /// Whether there is a key that signs.
    func exist() throws -> Bool { try privateText() != nil }

    /// The error for a missing key that signs.
    var missing: ConsoleError {
        guard FileManager.default.fileExists(atPath: privateKey.path()) else {
            return ConsoleError("\(privateKey.path()) does not exist: run `consulate install`, or set KEYS_PATH.")
        }
        return ConsoleError(
            "\(privateKey.path()) is not a key for \(purpose.algorithm.rawValue): run `consulate keys --for \(purpose.name) --force`."
        )
    }

    private func text(_ setting: String) -> String { Self.lines(settings.keyTexts[setting] ?? "") }

    /// Returns a key that is written in one line, split into its lines.
    ///
    /// `\n` stands for the end of a line. Passport accepts this form too.
    static func lines(_ key: String) -> String { key.replacing("\\n", with: "\n") }

    private func privateText() throws -> String? {
        guard let own = try ownPrivateText() else { return try formerPrivateText() }
        return isOfAccessTokens(own) && purpose == .passport ? nil : own
    }

    private func ownPrivateText() throws -> String? {
        let text = text(privateSetting)
        if !text.isEmpty { return text }
        return try read(privateKey)
    }

    /// The key of access tokens that earlier versions wrote into Passport's file.
    ///
    /// Passport's key is an RSA key, so the algorithm distinguishes the two.
    private func formerPrivateText() throws -> String? {
        guard purpose == .accessToken else { return nil }
        return try KeyFiles(settings, for: .passport).ownPrivateText().flatMap { isOfAccessTokens($0) ? $0 : nil }
    }

    private func isOfAccessTokens(_ pem: String) -> Bool {
        (try? SigningKey(pem: pem))?.publicKey.algorithm == KeyPurpose.accessToken.algorithm
    }

    /// Returns the public keys, with those that earlier versions wrote beside Passport's.
    private func publicText() throws -> String {
        let text = text(publicSetting)
        let own = try text.isEmpty ? read(publicKey) ?? "" : text
        return purpose == .accessToken ? own + "\n" + (try KeyFiles(settings, for: .passport).publicText()) : own
    }

    /// Returns the text of a file, or `nil` if the file does not exist.
    private func read(_ file: URL) throws -> String? {
        guard FileManager.default.fileExists(atPath: file.path()) else { return nil }
        guard let data = FileManager.default.contents(atPath: file.path()) else {
            throw ConsoleError("\(file.path()) cannot be read by \(NSUserName()): `chown` it to the user that serves.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    // MARK: - Writing

    /// Moves the keys of access tokens out of Passport's files, into which earlier versions wrote
    /// them.
    ///
    /// So a command that replaces or removes a key finds all keys of its purpose in its own files.
    static func separate(_ settings: Settings) throws {
        let (own, passport) = (KeyFiles(settings, for: .accessToken), KeyFiles(settings, for: .passport))
        guard own.fileThatSigns == passport.privateKey else { return }
        let blocks = try KeySet.blocks(of: passport.read(passport.publicKey) ?? "").map {
            (pem: $0, algorithm: try VerificationKey(pem: $0).algorithm)
        }
        let (ours, theirs) = (
            blocks.filter { $0.algorithm == own.purpose.algorithm },
            blocks.filter { $0.algorithm != own.purpose.algorithm }
        )
        // The key that signs is in both lists. A person who removes its block must find one block.
        let published = try own.published()
        try own.publish(published + ours.map(\.pem).filter { !published.contains($0) })
        if let next = try passport.nextPublicKey(), next.algorithm == own.purpose.algorithm {
            try passport.move(passport.nextKey, to: own.nextKey)
        }
        try passport.move(passport.privateKey, to: own.privateKey)
        if theirs.isEmpty {
            try? FileManager.default.removeItem(at: passport.publicKey)
        } else {
            try passport.publish(theirs.map(\.pem))
        }
    }

    private func move(_ file: URL, to other: URL) throws {
        guard unsafe rename(file.path(), other.path()) == 0 else {
            throw ConsoleError("\(file.path()) cannot be moved to \(other.path()).")
        }
    }

    /// Writes a new key pair.
    ///
    /// The old public keys stay in the file after the new public key, so that the tokens they
    /// verify stay valid.
    func write() throws {
        let pem = try SigningKey.generate(purpose.algorithm)
        try FileManager.default.createDirectory(atPath: settings.keysPath, withIntermediateDirectories: true)
        let next = try nextPublicKey()
        try publish(
            [try SigningKey(pem: pem).publicKey.pem]
                + published().filter { try VerificationKey(pem: $0).id != next?.id })
        try? FileManager.default.removeItem(at: nextKey)
        try replace(privateKey, with: pem + "\n", mode: 0o600)
    }

    /// Writes the next key, and adds its public half after the published keys.
    func writeNext() throws {
        let pem = try SigningKey.generate(purpose.algorithm)
        try publish(published() + [try SigningKey(pem: pem).publicKey.pem])
        try replace(nextKey, with: pem + "\n", mode: 0o600)
    }

    /// Returns the public half of the next key, if a next key exists.
    func nextPublicKey() throws -> VerificationKey? {
        try read(nextKey).map { try SigningKey(pem: $0).publicKey }
    }

    /// Returns the public half of the key that signs, if this key exists.
    func currentPublicKey() throws -> VerificationKey? {
        try privateText().map { try SigningKey(pem: $0).publicKey }
    }

    /// Makes the next key the key that signs, and moves its public half to the first place.
    ///
    /// A Passport that reads this file uses the first key.
    func activate(_ next: VerificationKey) throws {
        try publish([next.pem] + published().filter { try VerificationKey(pem: $0).id != next.id })
        try move(nextKey, to: privateKey)
    }

    /// Returns the public keys of the file, and the current public key, which the file may lack.
    private func published() throws -> [String] {
        let keys = KeySet.blocks(of: try read(publicKey) ?? "")
        guard let current = try (ownPrivateText() ?? formerPrivateText()).map({ try SigningKey(pem: $0).publicKey }),
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
        let signing = fileThatSigns.path()
        let model = files.fileExists(atPath: signing) ? signing : settings.keysPath
        let owner = try files.attributesOfItem(atPath: model).filter {
            [.ownerAccountID, .groupOwnerAccountID].contains($0.key)
        }
        try files.setAttributes(owner, ofItemAtPath: file.path())
    }
}
