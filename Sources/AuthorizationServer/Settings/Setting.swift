/// One setting: its name in the environment or in `.env`, its default value, and its effect.
package struct Setting: Sendable {
    package let name: String
    /// The default value as an operator would write it, or an empty text for no default.
    package let defaultValue: String
    /// One sentence about the setting, for the guide and for `consulate settings`.
    package let sentence: String
    /// Whether the value is never printed.
    package let isSecret: Bool

    init(_ name: String, _ defaultValue: String, _ sentence: String, isSecret: Bool = false) {
        self.name = name
        self.defaultValue = defaultValue
        self.sentence = sentence
        self.isSecret = isSecret
    }

    /// All settings, in the order of the guide.
    // swift-format-ignore
    package static let all = [
        Setting("APP_NAME",                "Consulate",             "The name on the pages."),
        Setting("APP_LOGO",                "",                      "A file, .svg, .png, .webp or .jpg, shown instead of the name."),
        Setting("APP_COLOR",               "#1f5fa8",               "The colour of links and buttons. It is adjusted to be readable on light and on dark."),
        Setting("VIEWS_PATH",              "",                      "A folder of templates, texts (`en.json`), `style.css`, `script.js` or `icon.svg` that replace those of `Sources/Pages`."),
        Setting("APP_ENV",                 "production",            "With `production`, the server does not start while the debug bar's route is on."),
        Setting("APP_DEBUG",               "false",                 "Adds `code` and `trace` to error documents. Never use it on a public server."),
        Setting("APP_KEY",                 "",                      "`base64:` and 32 bytes, or 32 characters. Cookies, codes and refresh tokens are derived from this key.", isSecret: true),
        Setting("APP_PREVIOUS_KEYS",       "",                      "More keys, with commas between them: former values of `APP_KEY`, or the next one. Everything that was made with them is accepted.", isSecret: true),
        Setting("APP_URL",                 "http://localhost:8080", "The issuer, and the start of every link. With `https`, cookies are `Secure`."),
        Setting("LISTEN",                  "unix:/run/consulate/consulate.sock", "`unix:/path`, `127.0.0.1:9000`, or `inherited` for descriptor 0."),
        Setting("WORKERS",                 "auto",                  "Threads that answer, each with a connection to the database; `auto` is cores + 4."),
        Setting("GRACE_TIME",              "30",                    "Seconds after SIGTERM to finish the requests in progress. It must be more than nginx's `keepalive_time` and `keepalive_timeout` for the upstream together."),
        Setting("DB_HOST",                 "127.0.0.1",             "MariaDB's host. Several hosts with commas between them are the nodes of a Galera cluster, the nearest first. Add `:` and the port where it differs."),
        Setting("DB_PORT",                 "3306",                  "MariaDB's port."),
        Setting("DB_SOCKET",               "",                      "MariaDB's unix socket, instead of host and port."),
        Setting("DB_DATABASE",             "consulate",             "The schema."),
        Setting("DB_PREFIX",               "",                      "The prefix of all table names, as in Laravel's configuration."),
        Setting("DB_TIMEZONE",             "",                      "On a Passport's tables: the `timezone` of Laravel's `config/database.php`, as `+02:00` or a name. If empty, MariaDB's time zone, as in Laravel."),
        Setting("DB_USERNAME",             "consulate",             "The database's user."),
        Setting("DB_PASSWORD",             "",                      "The password of this user.", isSecret: true),
        Setting("DB_CONNECT_TIMEOUT",      "5",                     "Seconds to wait for a connection."),
        Setting("DB_READ_TIMEOUT",         "10",                    "Seconds to wait for an answer."),
        Setting("MYSQL_ATTR_SSL_CA",       "",                      "A file of certificate authorities. TLS is then required, and the name of the server is checked."),
        Setting("KEYS_PATH",               ".",                     "The folder of `oauth-private.key` and `oauth-public.key`."),
        Setting("PASSPORT_PRIVATE_KEY",    "",                      "The signing key as PEM text, instead of the file.", isSecret: true),
        Setting("PASSPORT_PUBLIC_KEY",     "",                      "The keys that verify, as PEM texts one after another, instead of the file."),
        Setting("TOKEN_PROFILE",           "rfc9068",               "`rfc9068`, or `passport` for tokens that Laravel Passport accepts. After a change to `rfc9068`, access tokens of `passport` are accepted on adopted tables only."),
        Setting("TOKEN_AUDIENCE",          "",                      "The audiences of access tokens, with spaces between them. New tokens in the profile rfc9068 have the first as `aud`, and this server accepts all of them and the issuer. If empty, the issuer."),
        Setting("CLIENT_SUBJECT",          "distinct",              "`sub` of a client's own token: `distinct`, or `bare` for the id of the client, as Passport 13 writes it. `bare` is refused if users have numbers."),
        Setting("CLIENT_SECRETS",          "sha256",                "How new secrets are stored: `sha256`, or `bcrypt` for a Passport on the same tables that hashes secrets, or `plain` for one that does not."),
        Setting("SCOPES",                  "",                      "The scopes: an id, a space and a description for each, with semicolons between them."),
        Setting("DEFAULT_SCOPES",          "",                      "The scope ids of a request without `scope`, with spaces between them."),
        Setting("ACCESS_TOKEN_LIFETIME",   "3600",                  "Seconds that an access token lives."),
        Setting("REFRESH_TOKEN_LIFETIME",  "2592000",               "Seconds from a user's consent to the end of its last refresh token."),
        Setting("PERSONAL_TOKEN_LIFETIME", "31536000",              "Seconds that a personal access token lives."),
        Setting("CODE_LIFETIME",           "60",                    "Seconds to redeem an authorization code, 600 at most."),
        Setting("REFRESH_OVERLAP",         "10",                    "Seconds in which a refresh token that comes again gets the same successor."),
        Setting("PASSPORT_COMPATIBLE_REFRESH", "false",             "Writes refresh tokens in the form of Laravel Passport, so that a Passport on the same tables can read them. Each refresh then takes about 50 ms of a core."),
        Setting("REQUIRE_PKCE",            "false",                 "Confidential clients must use PKCE too. Public clients always must."),
        Setting("PASSWORD_GRANT",          "false",                 "Switches the password grant on, for clients that were created for it. RFC 9700 forbids this grant."),
        Setting("IMPLICIT_GRANT",          "false",                 "Switches the implicit grant on. RFC 9700 discourages this grant."),
        Setting("REGISTRATION",            "true",                  "Anybody can create an account, at `/register` and `POST /api/users`."),
        Setting("REGISTRATION_LIMIT",      "10",                    "Accounts that one address can create in a minute."),
        Setting("SESSION_LIFETIME",        "120",                   "Minutes without a request after which a browser is signed out."),
        Setting("SESSION_ABSOLUTE_LIFETIME", "43200",               "Minutes after which a browser is signed out, even while it is in use."),
        Setting("REDIRECT_SCHEMES",        "",                      "More schemes for redirect URIs, with spaces between them: `myapp http`. `https`, `http` on loopback and schemes with a dot are always allowed."),
        Setting("BCRYPT_ROUNDS",           "12",                    "The cost of password hashes, 4 to 16. After it rises, a sign-in renews the stored hash."),
        Setting("CORS_ORIGINS",            "*",                     "Origins, with spaces between them, that may call the token route, the public documents and `/api/*`."),
        Setting("DEBUGBAR_ENABLED",        "",                      "Switches `DELETE /_debugbar/cache/{key}` on. If empty, `APP_DEBUG` decides."),
        Setting("LEGACY_ERRORS",           "false",                 "`GET /oauth/authorize` and `GET /api/users` without parameters answer 500, like the original application."),
        Setting("LEGACY_REDIRECTS",        "false",                 "A decision is answered by 302, also for JSON callers, as Laravel Passport did. Otherwise it is answered by 303, and by `redirect_to` for JSON callers."),
        Setting("AUDIT_RETENTION",         "90",                    "Days after which `consulate purge` deletes rows of the audit trail. With 0, no rows are written, and the trail is only in the log."),
        Setting("AUDIT_ISSUING",           "true",                  "Writes each issued token to the audit trail, and not only to the log."),
        Setting("LOG_LEVEL",               "info",                  "`trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`."),
        Setting("LOG_FORMAT",              "text",                  "`text`, or `json`: one object on each line."),
    ]
}
