/// One setting: its name in the environment or in `.env`, its default value, and its effect.
public struct Setting: Sendable {
    public let name: String
    /// The default value as an operator would write it, or an empty text for no default.
    public let defaultValue: String
    /// One sentence about the setting, for the guide and for `consulate settings`.
    public let sentence: String
    /// Whether the value is never printed.
    public let isSecret: Bool

    init(_ name: String, _ defaultValue: String, _ sentence: String, isSecret: Bool = false) {
        self.name = name
        self.defaultValue = defaultValue
        self.sentence = sentence
        self.isSecret = isSecret
    }

    /// All settings, in the order of the guide.
    // swift-format-ignore
    public static let all = [
        Setting("APP_NAME",                "Consulate",             "The name on the pages."),
        Setting("APP_LOGO",                "",                      "A file, .svg, .png, .webp or .jpg, shown instead of the name."),
        Setting("APP_COLOR",               "#1f5fa8",               "The colour of links and buttons; it is made readable on light and on dark."),
        Setting("VIEWS_PATH",              "",                      "A folder of templates, texts (`en.json`), `style.css`, `script.js` or `icon.svg` that replace those of `Sources/AuthorizationServer/Views`."),
        Setting("APP_ENV",                 "production",            "`production` refuses to start with the debug bar's route on."),
        Setting("APP_DEBUG",               "false",                 "Adds `code` and `trace` to error documents; never on a public server."),
        Setting("APP_KEY",                 "",                      "`base64:` and 32 bytes, or 32 characters: the key that cookies, codes and refresh tokens are derived from.", isSecret: true),
        Setting("APP_PREVIOUS_KEYS",       "",                      "Keys that `APP_KEY` was before, with commas between them: what was made with them is still accepted.", isSecret: true),
        Setting("APP_URL",                 "http://localhost:8080", "The issuer, and the start of every link; its scheme decides about `Secure` cookies."),
        Setting("LISTEN",                  "unix:/run/consulate/consulate.sock", "`unix:/path`, `127.0.0.1:9000`, or `inherited` for descriptor 0."),
        Setting("WORKERS",                 "auto",                  "Threads that answer, each with a connection to the database; `auto` is cores + 4."),
        Setting("GRACE_TIME",              "30",                    "Seconds that SIGTERM leaves for what is in hand; more than nginx's `keepalive_time` and `keepalive_timeout` for the upstream together."),
        Setting("DB_HOST",                 "127.0.0.1",             "MariaDB's host; several, with commas between them, are the nodes of a Galera cluster, the nearest first, each with `:` and its port if that is another."),
        Setting("DB_PORT",                 "3306",                  "MariaDB's port."),
        Setting("DB_SOCKET",               "",                      "MariaDB's unix socket, instead of host and port."),
        Setting("DB_DATABASE",             "consulate",             "The schema."),
        Setting("DB_PREFIX",               "",                      "What the names of all tables begin with, as in Laravel's configuration."),
        Setting("DB_TIMEZONE",             "",                      "On a Passport's tables: `timezone` of Laravel's `config/database.php`, as `+02:00` or a name; empty: MariaDB's, as Laravel does."),
        Setting("DB_USERNAME",             "consulate",             "The database's user."),
        Setting("DB_PASSWORD",             "",                      "Their password.", isSecret: true),
        Setting("DB_CONNECT_TIMEOUT",      "5",                     "Seconds to wait for a connection."),
        Setting("DB_READ_TIMEOUT",         "10",                    "Seconds to wait for an answer."),
        Setting("MYSQL_ATTR_SSL_CA",       "",                      "A file of certificate authorities; TLS is then required, and the server's name checked."),
        Setting("KEYS_PATH",               ".",                     "The folder of `oauth-private.key` and `oauth-public.key`."),
        Setting("PASSPORT_PRIVATE_KEY",    "",                      "The signing key as PEM text, instead of the file.", isSecret: true),
        Setting("PASSPORT_PUBLIC_KEY",     "",                      "The keys to verify with, as PEM texts one after the other, instead of the file."),
        Setting("TOKEN_PROFILE",           "rfc9068",               "`rfc9068`, or `passport` for tokens that Laravel Passport accepts."),
        Setting("TOKEN_AUDIENCE",          "",                      "`aud` of the profile rfc9068; the issuer, if empty."),
        Setting("CLIENT_SUBJECT",          "distinct",              "`sub` of a client's own token: by the profile, or `bare`, its id, as Passport 13; that is refused where users are numbered."),
        Setting("CLIENT_SECRETS",          "sha256",                "How new secrets are stored: `sha256`, or `bcrypt` or `plain` for a Passport beside us that hashes them or does not."),
        Setting("SCOPES",                  "",                      "What can be asked for: an id, a space and a description, with semicolons between them."),
        Setting("DEFAULT_SCOPES",          "",                      "The ids that a request without `scope` gets, with spaces between them."),
        Setting("ACCESS_TOKEN_LIFETIME",   "3600",                  "Seconds that an access token lives."),
        Setting("REFRESH_TOKEN_LIFETIME",  "2592000",               "Seconds from a user's consent to the end of its last refresh token."),
        Setting("PERSONAL_TOKEN_LIFETIME", "31536000",              "Seconds that a personal access token lives."),
        Setting("CODE_LIFETIME",           "60",                    "Seconds to redeem an authorization code, 600 at most."),
        Setting("REFRESH_OVERLAP",         "10",                    "Seconds in which a refresh token presented again gets the same successor."),
        Setting("PASSPORT_COMPATIBLE_REFRESH", "false",             "Writes refresh tokens as Laravel Passport does, so that one beside us can read them; each refresh takes some 50 ms of a core."),
        Setting("REQUIRE_PKCE",            "false",                 "Confidential clients must use PKCE too; public ones always must."),
        Setting("PASSWORD_GRANT",          "false",                 "Switches the password grant on, for clients made for it; RFC 9700 forbids it."),
        Setting("IMPLICIT_GRANT",          "false",                 "Switches the implicit grant on; RFC 9700 discourages it."),
        Setting("REGISTRATION",            "true",                  "Anybody may make an account, at `/register` and `POST /api/users`."),
        Setting("REGISTRATION_LIMIT",      "10",                    "Accounts that one address may make in a minute."),
        Setting("SESSION_LIFETIME",        "120",                   "Minutes without a request after which a browser is signed out."),
        Setting("SESSION_ABSOLUTE_LIFETIME", "43200",               "Minutes after which a browser is signed out, however much it is used."),
        Setting("REDIRECT_SCHEMES",        "",                      "Schemes that redirect URIs may have beside `https`, loopback `http` and schemes with a dot, with spaces between them: `myapp http`."),
        Setting("BCRYPT_ROUNDS",           "12",                    "The cost of password hashes, 4 to 16; stored hashes are made anew when it rises."),
        Setting("CORS_ORIGINS",            "*",                     "Origins, with spaces between them, that may call the token route, the public documents and `/api/*`."),
        Setting("DEBUGBAR_ENABLED",        "",                      "Switches `DELETE /_debugbar/cache/{key}` on; if empty, `APP_DEBUG` does."),
        Setting("LEGACY_ERRORS",           "false",                 "`GET /oauth/authorize` and `GET /api/users` without anything answer the original application's 500."),
        Setting("LEGACY_REDIRECTS",        "false",                 "Approving and denying are answered 302, and JSON callers too, as Laravel Passport did; otherwise 303, and `redirect_to`."),
        Setting("AUDIT_RETENTION",         "90",                    "Days after which `consulate purge` deletes rows of the audit trail; 0 adds none, so that it is in the log alone."),
        Setting("AUDIT_ISSUING",           "true",                  "Keeps each token that is issued in the audit trail, not in the log alone."),
        Setting("LOG_LEVEL",               "info",                  "`trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`."),
        Setting("LOG_FORMAT",              "text",                  "`text`, or `json`: an object a line."),
    ]
}
