import Foundation
import HTTPTypes
import Logging
import MariaDB

@testable import AuthorizationServer
@testable import Cryptography
@testable import HTTP

/// What reads bytes that anybody may send, each with what must hold whatever they are; a violation ends the process.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case ciphertext, cookie, dotEnv, form, hash, json, path, redirectURI, request, token

    /// Reads the bytes.
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

    /// Nothing is read that this key did not make; what it made reads as it was, and is of no use under another name.
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
        // What lies within one of Passport's, which may be anything that it ever wrote.
        guard let payload = JSON(parsing: bytes).flatMap(PassportPayload.init) else { return }
        precondition(
            User.ID(payload.userID.json) == payload.userID && Client.ID(payload.clientID.json) == payload.clientID)
        _ = (payload.codeID, payload.refreshTokenID, payload.redirectURI, payload.codeChallenge, payload.expiresAt)
    }

    /// A cookie is a part of the field, and so is a language.
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

    /// What can be read has no empty name.
    private static func dotEnv(_ bytes: [UInt8]) {
        guard let values = try? DotEnv(String(decoding: bytes, as: UTF8.self)).values else { return }
        precondition(!values.keys.contains(""))
    }

    /// Written again, a form reads as the same pairs; a body of either type says the same or is refused.
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

    /// A stored hash verifies nothing by accident, and has a cost or none.
    private static func hash(_ bytes: [UInt8]) {
        let hash = PasswordHash(String(decoding: bytes, as: UTF8.self))
        _ = hash.needsRehash(cost: 12)
        // What is dear by its own parameters is in the database, which is trusted; it would only be slow here.
        guard hash.text.hasPrefix("$2y$04$") || hash.text.hasPrefix("$2b$04$") || !hash.isRecognized else { return }
        precondition(!hash.verifies("a password that nobody has"))
    }

    /// Written again, a document reads as itself.
    private static func json(_ bytes: [UInt8]) {
        guard let document = JSON(parsing: bytes) else { return }
        precondition(JSON(parsing: document.bytes) == document)
    }

    /// Encoding is undone by decoding, and a route that is found is one of ours.
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

    /// What is registered is absolute, runs nothing, and is matched by itself and by nothing of another host.
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

    /// Nothing verifies that this key did not sign.
    private static func token(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        precondition(AccessTokenClaims(verifying: text, with: application.settings, application.keys) == nil)
        // The rest of the way, behind a signature that is ours.
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2,
            let signed = try? JSONWebSignature.compact(
                header: Array(parts[0]), payload: Array(parts[1]), sign: application.keys.signing.sign),
            let claims = AccessTokenClaims(verifying: signed, with: application.settings, application.keys)
        else { return }
        let header = JSON(parsing: Array(parts[0]))
        precondition(header?["alg"] == "ES256" && header?["crit"] == nil)
        _ = claims.isValid(Timestamp(secondsSince1970: 1_800_000_000))
    }

    // MARK: - The whole way

    /// A request that begins with the number of a route is answered below 500, or 503 since no database is there; never by a defect.
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

    /// An application with a key of its own and no database.
    private static let application: Application = {
        do {
            let settings = try Settings([
                "APP_KEY": ApplicationKey.generate(), "DB_SOCKET": "/nonexistent",
                "SCOPES": "place-orders Place orders", "REGISTRATION": "true",
                "PASSWORD_GRANT": "true", "IMPLICIT_GRANT": "true",
            ])
            let keys = try KeySet(privateKey: SigningKey.generate(.es256), publicKeys: "")
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
