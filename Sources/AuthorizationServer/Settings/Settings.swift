import HTTP
package import MariaDB
package import OAuth
import Pages
package import Storage

/// All settings, read and checked once at the start.
package struct Settings: Sendable {
    package var appName: String
    /// The file of the logo, or `nil` to write the name.
    package var logoPath: String?
    var accentColor: AccentColor
    /// The folder of an operator's own templates and texts.
    package var viewsPath: String?
    package var isProduction: Bool
    package var isDebugging: Bool
    package var appKey: String
    package var previousAppKeys: [String]
    /// `APP_URL` without a slash at the end.
    package var issuer: String
    package var listen: String
    /// The number of workers, or `nil` to derive it from the number of cores.
    package var workers: Int?
    package var graceTime: Int
    package var database: DatabaseServer
    package var keysPath: String
    package var privateKey: String
    package var publicKey: String
    package var tokenProfile: TokenProfile
    /// The audiences of access tokens.
    ///
    /// New tokens have the first. All of them are accepted.
    package var tokenAudiences: [String]
    /// Whether `sub` of a client's own token is the bare id of the client.
    package var hasBareClientSubjects: Bool
    package var clientSecrets: ClientSecret.Storage
    package var scopes: ScopeCatalogue
    package var accessTokenLifetime: Int
    package var refreshTokenLifetime: Int
    package var personalTokenLifetime: Int
    package var codeLifetime: Int
    package var refreshOverlap: Int
    package var writesRefreshTokensOfPassport: Bool
    package var requiresPKCE: Bool
    package var allowsPasswordGrant: Bool
    package var allowsImplicitGrant: Bool
    package var allowsRegistration: Bool
    package var registrationLimit: Int
    /// The seconds without a request after which a session ends.
    package var sessionLifetime: Int
    /// The seconds since the sign-in after which a session ends.
    package var sessionAbsoluteLifetime: Int
    /// The schemes of redirect URIs that the operator allows although the rules would refuse them.
    package var redirectSchemes: Set<String>
    package var bcryptRounds: Int
    package var corsOrigins: [String]
    package var isDebugBarEnabled: Bool
    package var usesLegacyErrors: Bool
    package var usesLegacyRedirects: Bool
    /// In days.
    package var auditRetention: Int
    package var auditsIssuing: Bool
    package var logLevel: String
    package var logsJSON: Bool

    /// Reads settings by name, or throws one sentence about the first invalid setting.
    package init(_ values: [String: String]) throws(SettingsError) {
        let read = SettingsReader(values)
        appName = read.text("APP_NAME")
        logoPath = read.optionalText("APP_LOGO")
        accentColor = try read.color("APP_COLOR")
        viewsPath = read.optionalText("VIEWS_PATH")
        isProduction = read.text("APP_ENV") == "production"
        isDebugging = try read.flag("APP_DEBUG")
        appKey = read.text("APP_KEY")
        previousAppKeys = read.text("APP_PREVIOUS_KEYS").split(separator: ",").map { String($0.trimming()) }
        issuer = try read.url("APP_URL")
        listen = read.text("LISTEN")
        workers = read.text("WORKERS") == "auto" ? nil : try read.number("WORKERS", in: 1...1024)
        graceTime = try read.number("GRACE_TIME", in: 0...3600)
        database = DatabaseServer(
            hosts: try read.hosts("DB_HOST", port: read.number("DB_PORT", in: 1...65535)),
            socket: read.optionalText("DB_SOCKET"),
            database: read.text("DB_DATABASE"), tablePrefix: try read.tablePrefix("DB_PREFIX"),
            timeZone: try read.timeZone("DB_TIMEZONE"), username: read.text("DB_USERNAME"),
            password: read.text("DB_PASSWORD"),
            certificateAuthority: read.optionalText("MYSQL_ATTR_SSL_CA"),
            connectTimeout: UInt32(try read.number("DB_CONNECT_TIMEOUT", in: 1...60)),
            readTimeout: UInt32(try read.number("DB_READ_TIMEOUT", in: 1...600)))
        keysPath = read.text("KEYS_PATH")
        privateKey = read.text("PASSPORT_PRIVATE_KEY")
        publicKey = read.text("PASSPORT_PUBLIC_KEY")
        tokenProfile = try read.choice("TOKEN_PROFILE")
        let audiences = read.text("TOKEN_AUDIENCE").split(separator: " ").map(String.init)
        tokenAudiences = audiences.isEmpty ? [issuer] : audiences
        hasBareClientSubjects = try read.choice("CLIENT_SUBJECT", of: ["distinct", "bare"]) == "bare"
        clientSecrets = try read.choice("CLIENT_SECRETS")
        do {
            scopes = try ScopeCatalogue(read.text("SCOPES"), defaults: read.text("DEFAULT_SCOPES"))
        } catch {
            throw SettingsError(error.description)
        }
        accessTokenLifetime = try read.number("ACCESS_TOKEN_LIFETIME", in: 1...315_360_000)
        refreshTokenLifetime = try read.number("REFRESH_TOKEN_LIFETIME", in: 1...315_360_000)
        personalTokenLifetime = try read.number("PERSONAL_TOKEN_LIFETIME", in: 1...315_360_000)
        codeLifetime = try read.number("CODE_LIFETIME", in: 1...600)
        refreshOverlap = try read.number("REFRESH_OVERLAP", in: 0...300)
        writesRefreshTokensOfPassport = try read.flag("PASSPORT_COMPATIBLE_REFRESH")
        requiresPKCE = try read.flag("REQUIRE_PKCE")
        allowsPasswordGrant = try read.flag("PASSWORD_GRANT")
        allowsImplicitGrant = try read.flag("IMPLICIT_GRANT")
        allowsRegistration = try read.flag("REGISTRATION")
        registrationLimit = try read.number("REGISTRATION_LIMIT", in: 1...1_000_000)
        sessionLifetime = try read.number("SESSION_LIFETIME", in: 1...525_600) * 60
        sessionAbsoluteLifetime = try read.number("SESSION_ABSOLUTE_LIFETIME", in: 1...5_256_000) * 60
        redirectSchemes = try read.redirectSchemes("REDIRECT_SCHEMES")
        bcryptRounds = try read.number("BCRYPT_ROUNDS", in: 4...16)
        corsOrigins = read.text("CORS_ORIGINS").split(separator: " ").map(String.init)
        isDebugBarEnabled =
            try read.optionalText("DEBUGBAR_ENABLED") == nil ? isDebugging : read.flag("DEBUGBAR_ENABLED")
        usesLegacyErrors = try read.flag("LEGACY_ERRORS")
        usesLegacyRedirects = try read.flag("LEGACY_REDIRECTS")
        auditRetention = try read.number("AUDIT_RETENTION", in: 0...36_500)
        let keepsIssuing = try read.flag("AUDIT_ISSUING")
        auditsIssuing = auditRetention > 0 && keepsIssuing
        logLevel = try read.logLevel("LOG_LEVEL")
        logsJSON = try read.choice("LOG_FORMAT", of: ["text", "json"]) == "json"
        if isDebugBarEnabled && isProduction {
            throw SettingsError(
                "DEBUGBAR_ENABLED lets anybody lift a lock-out, so it cannot be on while APP_ENV=production: set DEBUGBAR_ENABLED=false or another APP_ENV."
            )
        }
    }

    /// Whether cookies carry `Secure` and the prefix `__Host-`.
    package var isSecure: Bool { issuer.hasPrefix("https://") }

    /// Returns the time when a session ends that began at `createdAt` and is used now.
    func sessionExpiry(_ createdAt: Timestamp, now: Timestamp) -> Timestamp {
        min(now + sessionLifetime, createdAt + sessionAbsoluteLifetime)
    }

    /// Returns the name of a cookie.
    ///
    /// If the scheme allows it, the name has the prefix that ties the cookie to this host (RFC
    /// 6265bis §4.1.3.2).
    func cookieName(_ name: String) -> String {
        (isSecure ? "__Host-" : "") + "consulate_" + name
    }
}
