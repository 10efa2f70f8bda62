import AuthorizationServer
import OAuth
import Testing

@Suite struct `Laravel's .env` {
    /// The lines of a file, and the value of `A` in it.
    @Test(arguments: [
        ("A=value", "value"), ("A = value ", "value"), ("export A=value", "value"), ("export\tA=value", "value"),
        (#""A"=value"#, "value"),
        ("'A'=value", "value"), ("A=", ""), ("A= # comment", ""), ("A=# comment", ""), ("A=value # comment", "value"),
        ("A=value# no space", "value"), ("A=a b c   # comment", "a b c"), ("# A=1\nA=2", "2"),
        ("   # comment\nA=1", "1"), ("A=1\nA=2", "2"),
        (#"A="value""#, "value"), (#"A="a # b" # c"#, "a # b"), ("A='a # b' # c", "a # b"),
        (#"A="say \"hi\"""#, #"say "hi""#),
        (#"A="a\nb\tc\\d""#, "a\nb\tc\\d"), (#"A="a\fb\vc\rd""#, "a\u{c}b\u{b}c\rd"), (#"A='a\nb'"#, #"a\nb"#),
        (#"A=a\nb"#, #"a\nb"#),
        ("A=\"one\ntwo=\n\nthree\"", "one\ntwo=\n\nthree"), ("B=b\nA=${B}", "b"), ("B=b\nA=x${B}y${B}", "xbyb"),
        ("B=b\nA=\"${B}\"", "b"),
        ("B=b\nA='${B}'", "${B}"), ("A=${MISSING}", "${MISSING}"), ("A=\"${MISSING}\"", "${MISSING}"),
        ("B=b\nA=\"\\${B}\"", "${B}"),
        ("B=b\nA=\\${B}", #"\b"#), ("A=$B", "$B"), ("A=a$", "a$"), ("A=${", "${"), ("A=${}", "${}"),
        ("A=${a b}", "${a b}"),
        ("B=${C}\nC=c\nA=${B}", "${C}"), ("HOST=file\nA=${HOST}", "environment"), ("\u{feff}A=value", "value"),
        ("B=1\r\nA=value\r\n", "value"),
        ("A=\"one\r\ntwo\"\r\n", "one\ntwo"), ("B=1\rA=value\r", "value"), ("A.b=1\nA=value", "value"), ("A==", "="),
        ("A=a=b", "a=b"),
        ("A=ümlaut", "ümlaut"), ("A=null", "null"), ("B\nA=value", "value"),
    ]) func `is read as phpdotenv reads it`(text: String, value: String) throws {
        #expect(try DotEnv(text, environment: ["HOST": "environment"]).values["A"] == value)
    }

    @Test func `a name without an equals sign has no value, even if an earlier line gave it a value`() throws {
        #expect(try DotEnv("A=1\nB=2\nA").values == ["B": "2"])
    }

    @Test(arguments: [
        "=no name", "no setting at all", "A-B=1", "A=\"never closed", "A='never closed", "A=\"never closed\\",
    ])
    func `a file that cannot be read gives one sentence as the error`(text: String) {
        #expect(throws: SettingsError.self) { try DotEnv(text) }
    }
}

@Suite struct `The settings` {
    @Test func `have defaults that work`() throws {
        let settings = try Settings([:])
        #expect(settings.accessTokenLifetime == 3600)
        #expect(settings.sessionLifetime == 7200)
        #expect(!settings.allowsPasswordGrant && !settings.allowsImplicitGrant && !settings.isDebugBarEnabled)
        #expect(settings.tokenAudiences == [settings.issuer])
    }

    @Test(
        arguments: [
            ("DB_HOST", "a,,b"), ("DB_HOST", "a:0"), ("DB_HOST", "a:65536"), ("DB_HOST", "a b"), ("DB_HOST", "a;b"),
            ("APP_URL", "example.com"),
            ("APP_URL", "https://a.example/path"), ("APP_URL", "https://a.example?x"), ("APP_DEBUG", "maybe"),
            ("DB_PORT", "0"),
            ("DB_PORT", "70000"), ("WORKERS", "many"), ("WORKERS", "0"), ("TOKEN_PROFILE", "other"),
            ("CODE_LIFETIME", "601"),
            ("BCRYPT_ROUNDS", "31"),
            ("SCOPES", "a\\b Backslash"), ("SCOPES", "* Star"), ("SCOPES", "a One; a Two"),
            ("DEFAULT_SCOPES", "missing"), ("LOG_LEVEL", "loud"),
            ("SESSION_ABSOLUTE_LIFETIME", "0"), ("REDIRECT_SCHEMES", "javascript"), ("REDIRECT_SCHEMES", "a:b"),
            ("APP_URL", "https://a.example:65536"), ("APP_URL", "https://"), ("SESSION_LIFETIME", "1.5"),
            ("ACCESS_TOKEN_LIFETIME", "99999999999999999999"),
        ]) func `a setting that cannot be understood gives one sentence that names it`(name: String, value: String)
    {
        let error = #expect(throws: SettingsError.self) { try Settings([name: value]) }
        #expect(error?.description.contains(name) == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `the route of the debug bar cannot be switched on in production`() throws {
        #expect(throws: SettingsError.self) { try Settings(["DEBUGBAR_ENABLED": "true"]) }
        #expect(throws: SettingsError.self) { try Settings(["APP_DEBUG": "true"]) }
        #expect(try Settings(["DEBUGBAR_ENABLED": "true", "APP_ENV": "local"]).isDebugBarEnabled)
        #expect(try !Settings(["APP_DEBUG": "true", "DEBUGBAR_ENABLED": "false"]).isDebugBarEnabled)
    }

    @Test func `a scope has an id and a description`() throws {
        let scopes = try Settings(["SCOPES": "orders:read Read orders; b", "DEFAULT_SCOPES": "b"]).scopes
        #expect(scopes.all.map(\.id) == ["orders:read", "b"])
        #expect(scopes.all.map(\.description) == ["Read orders", "b"])
        #expect(try scopes.resolve(nil) == ["b"])
        #expect(try scopes.resolve("b orders:read b") == ["b", "orders:read"])
        #expect(throws: OAuthError.self) { try scopes.resolve("*") }
    }

    /// A value for each setting that is not its default.
    private static let others = [
        "APP_NAME": "Shop", "APP_LOGO": "logo.svg", "APP_COLOR": "#123456", "VIEWS_PATH": "views", "APP_ENV": "local",
        "APP_DEBUG": "true", "APP_KEY": "key", "APP_PREVIOUS_KEYS": "a,b", "APP_URL": "https://id.example",
        "LISTEN": "127.0.0.1:9000", "WORKERS": "3", "GRACE_TIME": "7", "DB_HOST": "db", "DB_PORT": "3307",
        "DB_SOCKET": "/s", "DB_DATABASE": "d", "DB_PREFIX": "p_", "DB_TIMEZONE": "+01:00", "DB_USERNAME": "u",
        "DB_PASSWORD": "p", "DB_CONNECT_TIMEOUT": "7", "DB_READ_TIMEOUT": "7", "MYSQL_ATTR_SSL_CA": "ca.pem",
        "KEYS_PATH": "keys", "ACCESS_TOKEN_PRIVATE_KEY": "a", "ACCESS_TOKEN_PUBLIC_KEY": "a",
        "PASSPORT_PRIVATE_KEY": "a", "PASSPORT_PUBLIC_KEY": "a", "TOKEN_PROFILE": "passport",
        "TOKEN_AUDIENCE": "https://api.example", "CLIENT_SUBJECT": "bare", "CLIENT_SECRETS": "bcrypt",
        "SCOPES": "read Read", "DEFAULT_SCOPES": "read", "ACCESS_TOKEN_LIFETIME": "7", "REFRESH_TOKEN_LIFETIME": "7",
        "PERSONAL_TOKEN_LIFETIME": "7", "CODE_LIFETIME": "7", "REFRESH_OVERLAP": "7",
        "PASSPORT_COMPATIBLE_REFRESH": "true", "REQUIRE_PKCE": "true", "PASSWORD_GRANT": "true",
        "IMPLICIT_GRANT": "true", "REGISTRATION": "false", "REGISTRATION_LIMIT": "7", "SESSION_LIFETIME": "7",
        "SESSION_ABSOLUTE_LIFETIME": "7", "REDIRECT_SCHEMES": "myapp", "BCRYPT_ROUNDS": "7",
        "CORS_ORIGINS": "https://a.example", "DEBUGBAR_ENABLED": "true", "LEGACY_ERRORS": "true",
        "LEGACY_REDIRECTS": "true", "AUDIT_RETENTION": "7", "AUDIT_ISSUING": "false", "LOG_LEVEL": "debug",
        "LOG_FORMAT": "json",
    ]

    @Test(arguments: Setting.all.map(\.name)) func `each setting changes a property of its own`(name: String) throws {
        let value = try #require(Self.others[name], "the test needs a value that is not the default")
        // These values are read with the value of another setting.
        let needed = ["DEFAULT_SCOPES": ["SCOPES": "read Read"]][name] ?? [:]
        let usual = try Settings(needed.merging(["APP_ENV": "testing"]) { old, _ in old })
        let changed = try Settings(
            needed.merging(["APP_ENV": "testing"]) { old, _ in old }.merging([name: value]) { $1 })
        let properties = { (settings: Settings) in
            Dictionary(
                uniqueKeysWithValues: Mirror(reflecting: settings).children.map { ($0.label ?? "", "\($0.value)") })
        }
        let (before, after) = (properties(usual), properties(changed))
        let differing = before.keys.filter { before[$0] != after[$0] }.sorted()
        switch name {
        case "APP_ENV": #expect(try Settings([:]).isProduction && !usual.isProduction)
        case "APP_DEBUG": #expect(differing == ["isDebugBarEnabled", "isDebugging"])
        case "APP_URL": #expect(differing == ["issuer", "tokenAudiences"])
        default: #expect(differing.count == 1, "\(differing)")
        }
    }

    @Test func `each setting is described once, in a sentence`() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        for setting in Setting.all { #expect(setting.sentence.hasSuffix("."), "\(setting.name)") }
    }
}

@Suite struct `The route table` {
    @Test func `has every name and every address only once`() {
        #expect(Set(Routes.all.map(\.name)).count == Routes.all.count)
        #expect(Set(Routes.all.map { "\($0.method) \($0.path)" }).count == Routes.all.count)
    }
}
