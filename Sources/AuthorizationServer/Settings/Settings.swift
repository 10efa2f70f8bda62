import HTTP
package import MariaDB
package import OAuth
import Pages
package import Storage

/// All settings, read and checked once at the start.
///
/// A setting is a property, and a row of the table below it. The row reads the property.
package struct Settings: Sendable {
    package var appName = ""
    /// The file of the logo, or `nil` to write the name.
    package var logoPath: String?
    var accentColor = AccentColor.black
    /// The folder of an operator's own templates and texts.
    package var viewsPath: String?
    package var isProduction = false
    package var isDebugging = false
    package var appKey = ""
    package var previousAppKeys: [String] = []
    /// `APP_URL` without a slash at the end.
    package var issuer = ""
    package var listen = ""
    /// The number of workers, or `nil` to derive it from the number of cores.
    package var workers: Int?
    package var graceTime = 0
    package var database = DatabaseServer(hosts: [], database: "", username: "", connectTimeout: 0, readTimeout: 0)
    package var keysPath = ""
    /// The PEM texts that replace files, by the names of their settings.
    package var keyTexts: [String: String] = [:]
    package var tokenProfile = TokenProfile.rfc9068
    /// The audiences of access tokens.
    ///
    /// New tokens have the first. All of them are accepted.
    package var tokenAudiences: [String] = []
    /// Whether `sub` of a client's own token is the bare id of the client.
    package var hasBareClientSubjects = false
    package var clientSecrets = ClientSecret.Storage.sha256
    package var scopes = ScopeCatalogue()
    package var accessTokenLifetime = 0
    package var refreshTokenLifetime = 0
    package var personalTokenLifetime = 0
    package var codeLifetime = 0
    package var refreshOverlap = 0
    package var writesRefreshTokensOfPassport = false
    package var requiresPKCE = false
    package var allowsPasswordGrant = false
    package var allowsImplicitGrant = false
    package var allowsRegistration = false
    package var registrationLimit = 0
    /// The seconds without a request after which a session ends.
    package var sessionLifetime = 0
    /// The seconds since the sign-in after which a session ends.
    package var sessionAbsoluteLifetime = 0
    /// The schemes of redirect URIs that the operator allows although the rules would refuse them.
    package var redirectSchemes: Set<String> = []
    package var bcryptRounds = 0
    package var corsOrigins: [String] = []
    package var isDebugBarEnabled = false
    package var usesLegacyErrors = false
    package var usesLegacyRedirects = false
    /// In days.
    package var auditRetention = 0
    package var auditsIssuing = false
    package var logLevel = ""
    package var logsJSON = false

    /// Reads settings by name, or throws one sentence about the first invalid setting.
    package init(_ values: [String: String]) throws(SettingsError) {
        let reader = SettingsReader(values)
        for setting in Setting.all { try setting.store(reader, &self) }
        if tokenAudiences.isEmpty { tokenAudiences = [issuer] }
        auditsIssuing = auditsIssuing && auditRetention > 0
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

extension Setting {
    /// All settings, in the order of the guide.
    ///
    /// The columns are name, default value, property, reading and effect.
    // swift-format-ignore
    package static let all = [
        Setting("APP_NAME",                    "Consulate",  \.appName,                       .text,                               "The name on the pages."),
        Setting("APP_LOGO",                    "",           \.logoPath,                      .optionalText,                       "A file, .svg, .png, .webp or .jpg, shown instead of the name."),
        Setting("APP_COLOR",                   "#1f5fa8",    \.accentColor,                   .color,                              "The colour of links and buttons. It is adjusted to be readable on light and on dark."),
        Setting("VIEWS_PATH",                  "",           \.viewsPath,                     .optionalText,                       "A folder of templates, texts (`en.json`), `style.css`, `script.js` or `icon.svg` that replace those of `Sources/Pages`."),
        Setting("APP_ENV",                     "production", \.isProduction,                  .is("production"),                   "With `production`, the server does not start while the debug bar's route is on."),
        Setting("APP_DEBUG",                   "false",      \.isDebugging,                   .flag,                               "Adds `code` and `trace` to error documents. Never use it on a public server."),
        Setting("APP_KEY",                     "",           \.appKey,                        .text,                               "`base64:` and 32 bytes, or 32 characters. Cookies, codes and refresh tokens are derived from this key.", isSecret: true),
        Setting("APP_PREVIOUS_KEYS",           "",           \.previousAppKeys,               .list(separator: ","),               "More keys, with commas between them: former values of `APP_KEY`, or the next one. Everything that was made with them is accepted.", isSecret: true),
        Setting("APP_URL",                     "http://localhost:8080", \.issuer,                        .url,                                "The issuer, and the start of every link. With `https`, cookies are `Secure`."),
        Setting("LISTEN",                      "unix:/run/consulate/consulate.sock", \.listen,                        .text,                               "`unix:/path`, `127.0.0.1:9000`, or `inherited` for descriptor 0."),
        Setting("WORKERS",                     "auto",       \.workers,                       .numberOrAuto(in: 1...1024),         "Threads that answer, each with a connection to the database; `auto` is cores + 4."),
        Setting("GRACE_TIME",                  "30",         \.graceTime,                     .number(in: 0...3600),               "Seconds after SIGTERM to finish the requests in progress. It must be more than nginx's `keepalive_time` and `keepalive_timeout` for the upstream together."),
        Setting("DB_HOST",                     "127.0.0.1",  \.database.hosts,                .hosts(port: "DB_PORT"),             "MariaDB's host. Several hosts with commas between them are the nodes of a Galera cluster, the nearest first. Add `:` and the port where it differs."),
        Setting("DB_PORT",                     "3306",      "MariaDB's port."),
        Setting("DB_SOCKET",                   "",           \.database.socket,               .optionalText,                       "MariaDB's unix socket, instead of host and port."),
        Setting("DB_DATABASE",                 "consulate",  \.database.database,             .text,                               "The schema."),
        Setting("DB_PREFIX",                   "",           \.database.tablePrefix,          .tablePrefix,                        "The prefix of all table names, as in Laravel's configuration."),
        Setting("DB_TIMEZONE",                 "",           \.database.timeZone,             .timeZone,                           "On a Passport's tables: the `timezone` of Laravel's `config/database.php`, as `+02:00` or a name. If empty, MariaDB's time zone, as in Laravel."),
        Setting("DB_USERNAME",                 "consulate",  \.database.username,             .text,                               "The database's user."),
        Setting("DB_PASSWORD",                 "",           \.database.password,             .text,                               "The password of this user.", isSecret: true),
        Setting("DB_CONNECT_TIMEOUT",          "5",          \.database.connectTimeout,       .number(in: 1...60),                 "Seconds to wait for a connection."),
        Setting("DB_READ_TIMEOUT",             "10",         \.database.readTimeout,          .number(in: 1...600),                "Seconds to wait for an answer."),
        Setting("MYSQL_ATTR_SSL_CA",           "",           \.database.certificateAuthority, .optionalText,                       "A file of certificate authorities. TLS is then required, and the name of the server is checked."),
        Setting("KEYS_PATH",                   ".",          \.keysPath,                      .text,                               "The folder of the keys: `access-token-*.key`, and `oauth-*.key` of Passport."),
        Setting("ACCESS_TOKEN_PRIVATE_KEY",    "",           \.keyTexts["ACCESS_TOKEN_PRIVATE_KEY"], .optionalText, "The ES256 key that signs access tokens in the profile `rfc9068`, as PEM text, instead of the file.", isSecret: true),
        Setting("ACCESS_TOKEN_PUBLIC_KEY",     "",           \.keyTexts["ACCESS_TOKEN_PUBLIC_KEY"], .optionalText, "More ES256 keys that verify access tokens, as PEM texts one after another, instead of the file."),
        Setting("PASSPORT_PRIVATE_KEY",        "",           \.keyTexts["PASSPORT_PRIVATE_KEY"], .optionalText, "Passport's RSA key, which signs access tokens in the profile `passport`, as PEM text, instead of the file.", isSecret: true),
        Setting("PASSPORT_PUBLIC_KEY",         "",           \.keyTexts["PASSPORT_PUBLIC_KEY"], .optionalText, "Passport's keys that verify, as PEM texts one after another, instead of the file."),
        Setting("TOKEN_PROFILE",               "rfc9068",    \.tokenProfile,                  .choice,                             "`rfc9068`, or `passport` for tokens that Laravel Passport accepts. After a change to `rfc9068`, access tokens of `passport` are accepted on adopted tables only."),
        Setting("TOKEN_AUDIENCE",              "",           \.tokenAudiences,                .list(separator: " "),               "The audiences of access tokens, with spaces between them. New tokens in the profile rfc9068 have the first as `aud`, and this server accepts all of them and the issuer. If empty, the issuer."),
        Setting("CLIENT_SUBJECT",              "distinct",   \.hasBareClientSubjects,         .is("bare", not: ["distinct"]),      "`sub` of a client's own token: `distinct`, or `bare` for the id of the client, as Passport 13 writes it. `bare` is refused if users have numbers."),
        Setting("CLIENT_SECRETS",              "sha256",     \.clientSecrets,                 .choice,                             "How new secrets are stored: `sha256`, or `bcrypt` for a Passport on the same tables that hashes secrets, or `plain` for one that does not."),
        Setting("SCOPES",                      "",           \.scopes,                        .scopes(defaults: "DEFAULT_SCOPES"), "The scopes: an id, a space and a description for each, with semicolons between them."),
        Setting("DEFAULT_SCOPES",              "",           "The scope ids of a request without `scope`, with spaces between them."),
        Setting("ACCESS_TOKEN_LIFETIME",       "3600",       \.accessTokenLifetime,           .number(in: 1...315_360_000),        "Seconds that an access token lives."),
        Setting("REFRESH_TOKEN_LIFETIME",      "2592000",    \.refreshTokenLifetime,          .number(in: 1...315_360_000),        "Seconds from a user's consent to the end of its last refresh token."),
        Setting("PERSONAL_TOKEN_LIFETIME",     "31536000",   \.personalTokenLifetime,         .number(in: 1...315_360_000),        "Seconds that a personal access token lives."),
        Setting("CODE_LIFETIME",               "60",         \.codeLifetime,                  .number(in: 1...600),                "Seconds to redeem an authorization code, 600 at most."),
        Setting("REFRESH_OVERLAP",             "10",         \.refreshOverlap,                .number(in: 0...300),                "Seconds in which a refresh token that comes again gets the same successor."),
        Setting("PASSPORT_COMPATIBLE_REFRESH", "false",      \.writesRefreshTokensOfPassport, .flag,                               "Writes refresh tokens in the form of Laravel Passport, so that a Passport on the same tables can read them. Each refresh then takes about 50 ms of a core."),
        Setting("REQUIRE_PKCE",                "false",      \.requiresPKCE,                  .flag,                               "Confidential clients must use PKCE too. Public clients always must."),
        Setting("PASSWORD_GRANT",              "false",      \.allowsPasswordGrant,           .flag,                               "Switches the password grant on, for clients that were created for it. RFC 9700 forbids this grant."),
        Setting("IMPLICIT_GRANT",              "false",      \.allowsImplicitGrant,           .flag,                               "Switches the implicit grant on. RFC 9700 discourages this grant."),
        Setting("REGISTRATION",                "true",       \.allowsRegistration,            .flag,                               "Anybody can create an account, at `/register` and `POST /api/users`."),
        Setting("REGISTRATION_LIMIT",          "10",         \.registrationLimit,             .number(in: 1...1_000_000),          "Accounts that one address can create in a minute."),
        Setting("SESSION_LIFETIME",            "120",        \.sessionLifetime,               .minutes(in: 1...525_600),           "Minutes without a request after which a browser is signed out."),
        Setting("SESSION_ABSOLUTE_LIFETIME",   "43200",      \.sessionAbsoluteLifetime,       .minutes(in: 1...5_256_000),         "Minutes after which a browser is signed out, even while it is in use."),
        Setting("REDIRECT_SCHEMES",            "",           \.redirectSchemes,               .redirectSchemes,                    "More schemes for redirect URIs, with spaces between them: `myapp http`. `https`, `http` on loopback and schemes with a dot are always allowed."),
        Setting("BCRYPT_ROUNDS",               "12",         \.bcryptRounds,                  .number(in: 4...16),                 "The cost of password hashes, 4 to 16. After it rises, a sign-in renews the stored hash."),
        Setting("CORS_ORIGINS",                "*",          \.corsOrigins,                   .list(separator: " "),               "Origins, with spaces between them, that may call the token route, the public documents and `/api/*`."),
        Setting("DEBUGBAR_ENABLED",            "",           \.isDebugBarEnabled,             .flag(otherwise: "APP_DEBUG"),       "Switches `DELETE /_debugbar/cache/{key}` on. If empty, `APP_DEBUG` decides."),
        Setting("LEGACY_ERRORS",               "false",      \.usesLegacyErrors,              .flag,                               "`GET /oauth/authorize` and `GET /api/users` without parameters answer 500, like the original application."),
        Setting("LEGACY_REDIRECTS",            "false",      \.usesLegacyRedirects,           .flag,                               "A decision is answered by 302, also for JSON callers, as Laravel Passport did. Otherwise it is answered by 303, and by `redirect_to` for JSON callers."),
        Setting("AUDIT_RETENTION",             "90",         \.auditRetention,                .number(in: 0...36_500),             "Days after which `consulate purge` deletes rows of the audit trail. With 0, no rows are written, and the trail is only in the log."),
        Setting("AUDIT_ISSUING",               "true",       \.auditsIssuing,                 .flag,                               "Writes each issued token to the audit trail, and not only to the log."),
        Setting("LOG_LEVEL",                   "info",       \.logLevel,                      .logLevel,                           "`trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`."),
        Setting("LOG_FORMAT",                  "text",       \.logsJSON,                      .is("json", not: ["text"]),          "`text`, or `json`: one object on each line."),
    ]
}
