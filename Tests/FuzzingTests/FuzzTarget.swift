import Foundation
import HTTPTypes
import Logging
import MariaDB
import OAuth
import Pages
import Storage

@testable import AuthorizationServer
@testable import Cryptography
@testable import HTTP

/// A part of the server that reads bytes from anybody, with rules that must hold for all bytes.
///
/// A violation of a rule ends the process.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case ciphertext, cookie, dotEnv, form, hash, json, path, redirectURI, request, token

    /// Reads the bytes and checks the rules of the target.
    public func read(_ bytes: [UInt8]) {
        switch self {
        case .ciphertext: Self.ciphertext(bytes)
        case .cookie: Self.cookie(bytes)
        case .dotEnv: Self.dotEnv(bytes)
        case .form: Self.form(bytes)
        case .hash: Self.hash(bytes)
        case .json: Self.json(bytes)
        case .path: Self.path(bytes)
        case .redirectURI: Self.redirectURI(bytes)
        case .request: Self.request(bytes)
        case .token: Self.token(bytes)
        }
    }

    // MARK: - Parts

    /// Checks that only text that this key encrypted is decrypted.
    ///
    /// The encrypted text is decrypted unchanged, and is refused under another name.
    private static func ciphertext(_ bytes: [UInt8]) {
        let (text, key) = (String(decoding: bytes, as: UTF8.self), application.applicationKey)
        if let ciphertext = DefuseCiphertext(text) {
            precondition(text.hasPrefix("def50200") && ciphertext.decrypted(with: key) == nil)
        }
        precondition(LaravelCookie.decrypt(text, name: "laravel_token", with: key) == nil)
        guard text.utf8.count < 1024, let cookie = LaravelCookie.encrypt(text, name: "laravel_token", with: key) else {
            return
        }
        precondition(
            LaravelCookie.decrypt(cookie, name: "laravel_token", with: key)?.utf8.elementsEqual(text.utf8) == true)
        precondition(LaravelCookie.decrypt(cookie, name: "XSRF-TOKEN", with: key) == nil)
        // The contents of a ciphertext of Passport, which may be anything that Passport ever wrote.
        guard let payload = JSON(parsing: bytes).flatMap(PassportPayload.init) else { return }
        precondition(
            User.ID(payload.userID.json) == payload.userID && Client.ID(payload.clientID.json) == payload.clientID)
        _ = (payload.codeID, payload.refreshTokenID, payload.redirectURI, payload.codeChallenge, payload.expiresAt)
    }

    /// Checks that a cookie is a part of the field, and that the chosen language is offered.
    private static func cookie(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let field = field(.cookie, text) else { return }
        let request = Request(path: "/", fields: [.cookie: field.value])
        for name in ["consulate_session", "XSRF-TOKEN", "laravel_token"] {
            if let value = request.cookie(name) {
                precondition(!value.utf8.contains(UInt8(ascii: ";")) && value.utf8.count < field.value.utf8.count)
            }
        }
        precondition(
            ["en", "de"].contains(Language.choose(uiLocales: text, acceptLanguage: text, among: ["en", "de"])))
    }

    /// Checks that a file that can be read has no empty name.
    private static func dotEnv(_ bytes: [UInt8]) {
        guard let values = try? DotEnv(String(decoding: bytes, as: UTF8.self)).values else { return }
        precondition(!values.keys.contains(""))
    }

    /// Checks that a form that is written and read again has the same pairs.
    ///
    /// A body of either type obeys the same rules, or is refused.
    private static func form(_ bytes: [UInt8]) {
        if let form = Form(bytes) {
            let again = Form(form.encoded.utf8)
            precondition(
                again?.pairs.map(\.name) == form.pairs.map(\.name)
                    && again?.pairs.map(\.value) == form.pairs.map(\.value))
        }
        for type in ["application/x-www-form-urlencoded", "application/json"] {
            let request = Request(method: .post, path: "/", fields: [.contentType: type], body: bytes)
            guard let parameters = try? Parameters(bodyOf: request) else { continue }
            for name in ["client_id", "scope", "redirect_uri"] {
                guard let text = try? parameters.oauthText(name) else { continue }
                precondition(!text.isEmpty && !text.unicodeScalars.contains("\0") && !parameters.isRepeated(name))
            }
            var validation = Validation(parameters)
            _ = (
                validation.text(.clientName), validation.redirect(.redirect, allowing: []),
                validation.flag(.confidential, default: true)
            )
            _ = (
                validation.email(.newEmail), validation.newPassword(.newPassword),
                validation.scopes(.personalScopes, of: application.settings.scopes)
            )
        }
    }

    /// Checks that a stored hash verifies no password by accident, and that its cost can be read.
    private static func hash(_ bytes: [UInt8]) {
        let hash = PasswordHash(String(decoding: bytes, as: UTF8.self))
        _ = hash.needsRehash(cost: 12)
        // Hashes with expensive parameters are skipped. They are in the database, which is trusted,
        // and would only be slow here.
        guard hash.text.hasPrefix("$2y$04$") || hash.text.hasPrefix("$2b$04$") || !hash.isRecognized else { return }
        precondition(!hash.verifies("a password that nobody has"))
    }

    /// Checks that a document that is written and read again is the same document.
    private static func json(_ bytes: [UInt8]) {
        guard let document = JSON(parsing: bytes) else { return }
        precondition(JSON(parsing: document.bytes) == document)
    }

    /// Checks that decoding reverses encoding, and that a found route is a route of this server.
    private static func path(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        precondition(PercentEncoding.decode(PercentEncoding.encode(text).utf8) == text)
        for method: HTTPRequest.Method in [.get, .post, .put, .delete] {
            if let (route, parameters) = Routes.find(method, text), !text.hasSuffix("/") {
                precondition(
                    text.hasPrefix("/") && route.path.match(text) == parameters
                        && parameters.values.allSatisfy { !$0.isEmpty })
            }
        }
        if let returnTo = ReturnAddress(
            (try? Parameters(query: "return_to=" + PercentEncoding.encode(text))) ?? Parameters())
        {
            precondition(
                returnTo.text.hasPrefix("/") && !returnTo.text.hasPrefix("//") && !returnTo.text.contains("\\"))
        }
    }

    /// Checks that a registered redirect URI is absolute and runs no script.
    ///
    /// It matches itself, and no URI of another host.
    private static func redirectURI(_ bytes: [UInt8]) {
        let halves = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        if let uri = RedirectURI(registering: halves[0]) {
            precondition(
                !uri.text.contains("#") && !uri.text.lowercased().hasPrefix("javascript:") && uri.matches(uri.text))
            precondition(
                uri.adding("code=x").hasPrefix(uri.text) && !uri.origin.isEmpty && !uri.destination.name.isEmpty)
            if halves.count == 2, uri.matches(halves[1]), uri.text != halves[1] {
                let requested = RedirectURI(registered: halves[1])
                precondition(requested.destination.kind == "device" && uri.destination.kind == "device")
            }
        }
    }

    /// Checks that a token is verified only if this key signed it.
    private static func token(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        precondition(
            AccessTokenClaims(verifying: text, of: application.settings.issuer, with: application.keys.ofAccessTokens)
                == nil)
        // Checks the remaining steps, with a signature of our own key.
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2,
            let signed = try? JSONWebSignature.compact(
                header: Array(parts[0]), payload: Array(parts[1]), sign: application.signingKey.sign),
            let claims = AccessTokenClaims(
                verifying: signed, of: application.settings.issuer, with: application.keys.ofAccessTokens)
        else { return }
        let header = JSON(parsing: Array(parts[0]))
        precondition(header?["alg"] == "ES256" && header?["crit"] == nil)
        _ = claims.isValid(at: 1_800_000_000)
    }

    // MARK: - Whole requests

    /// Checks that a request is answered below 500, or with 503, and never by a defect.
    ///
    /// The bytes begin with the number of a route. The status 503 is allowed because no database
    /// exists.
    private static func request(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        let route = Routes.all[Int(bytes[0]) % Routes.all.count]
        let parts = bytes.dropFirst(2).split(separator: 0xff, maxSplits: 3, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        var fields: HTTPFields = [:]
        for line in parts[0].split(separator: "\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            if halves.count == 2, let name = HTTPField.Name(String(halves[0])),
                let field = field(name, String(halves[1]))
            {
                fields.append(field)
            }
        }
        if bytes[1] & 1 == 1 { fields[.accept] = "text/html" }
        if bytes[1] & 6 != 0 {
            fields[.contentType] = bytes[1] & 2 == 2 ? "application/json" : "application/x-www-form-urlencoded"
        }
        let parameter = parts.count > 3 ? PercentEncoding.encode(parts[3]) : "1"
        let request = Request(
            method: route.method, path: route.path.description.replacing(#/\{[a-z_]+\??\}/#, with: parameter),
            query: parts.count > 1 ? parts[1] : "", fields: fields, body: parts.count > 2 ? Array(parts[2].utf8) : [],
            remoteAddress: "127.0.0.1",
            id: "0")
        let response = application.respond(to: request, on: worker)
        precondition(
            response.status.code < 500 || response.status == .serviceUnavailable, "\(response.status) to \(request)")
        for field in response.fields { precondition(!field.value.contains("\n") && !field.value.contains("\r")) }
    }

    private static func field(_ name: HTTPField.Name, _ value: String) -> HTTPField? {
        let field = HTTPField(name: name, value: value)
        return field.value.isEmpty ? nil : field
    }

    /// An application with its own key and no database.
    private static let application: Application = {
        do {
            let settings = try Settings([
                "APP_KEY": ApplicationKey.generate(), "DB_SOCKET": "/nonexistent",
                "SCOPES": "place-orders Place orders", "REGISTRATION": "true",
                "PASSWORD_GRANT": "true", "IMPLICIT_GRANT": "true",
            ])
            let keys = try KeyRing([KeySet(.accessToken, privateKey: SigningKey.generate(.es256), publicKeys: "")])
            var logger = Logger(label: "fuzzing", factory: { _ in SwiftLogNoOpLogHandler() })
            logger.logLevel = .critical
            let now = Timestamp(secondsSince1970: 1_800_000_000)
            return try Application(
                settings: settings, keys: keys, hashing: PasswordHashing(cores: 1, limit: 1, cost: 4), logger: logger,
                clock: { now })
        } catch {
            fatalError("\(error)")
        }
    }()

    nonisolated(unsafe) private static let worker = Worker(Connection(to: application.settings.database))
}
