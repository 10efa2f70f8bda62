import AuthorizationServer
import Testing

@Suite struct `Laravel's .env` {
    @Test func `quotes, export, comments, references and lines`() throws {
        let text = """
            # a comment
            APP_NAME="My App" # behind it
            export APP_ENV=local
            PLAIN=a b c   # comment
            HASH=a#b
            EMPTY=
            SINGLE='a ${APP_ENV} "b" \\n'
            DOUBLE="say \\"hi\\"\\n\\${no}"
            URL=https://${APP_ENV}.example/${MISSING}
            SPACED = value
            PEM="-----BEGIN-----
            abc=
            -----END-----"
            LAST=1
            """
        let values = try DotEnv(text, environment: ["APP_ENV": "other"]).values
        #expect(values["APP_NAME"] == "My App")
        #expect(values["APP_ENV"] == "local")
        #expect(values["PLAIN"] == "a b c")
        #expect(values["HASH"] == "a#b")
        #expect(values["EMPTY"] == "")
        #expect(values["SINGLE"] == #"a ${APP_ENV} "b" \n"#)
        #expect(values["URL"] == "https://local.example/")
        #expect(values["SPACED"] == "value")
        #expect(values["PEM"] == "-----BEGIN-----\nabc=\n-----END-----")
        #expect(values["LAST"] == "1")
    }

    @Test(arguments: ["NO_EQUALS", "=no name", "export =no name", "A=\"never closed", "A='never closed"]) func `what cannot be read is one sentence`(
        text: String
    ) {
        #expect(throws: SettingsError.self) { try DotEnv(text) }
    }
}

@Suite struct `The settings` {
    @Test func `have defaults that work`() throws {
        let settings = try Settings([:])
        #expect(settings.accessTokenLifetime == 3600)
        #expect(settings.sessionLifetime == 7200)
        #expect(!settings.allowsPasswordGrant && !settings.allowsImplicitGrant && !settings.isDebugBarEnabled)
        #expect(settings.tokenAudience == settings.issuer)
    }

    @Test(
        arguments: [
            ("DB_HOST", "a,,b"), ("DB_HOST", "a:0"), ("DB_HOST", "a:65536"), ("DB_HOST", "a b"), ("DB_HOST", "a;b"), ("APP_URL", "example.com"),
            ("APP_URL", "https://a.example/path"), ("APP_URL", "https://a.example?x"), ("APP_DEBUG", "maybe"),
            ("DB_PORT", "0"),
            ("DB_PORT", "70000"), ("WORKERS", "many"), ("WORKERS", "0"), ("TOKEN_PROFILE", "other"), ("CODE_LIFETIME", "601"),
            ("BCRYPT_ROUNDS", "31"),
            ("SCOPES", "a\\b Backslash"), ("SCOPES", "* Star"), ("SCOPES", "a One; a Two"), ("DEFAULT_SCOPES", "missing"), ("LOG_LEVEL", "loud"),
            ("SESSION_ABSOLUTE_LIFETIME", "0"), ("REDIRECT_SCHEMES", "javascript"), ("REDIRECT_SCHEMES", "a:b"),
            ("APP_URL", "https://a.example:65536"), ("APP_URL", "https://"), ("SESSION_LIFETIME", "1.5"),
            ("ACCESS_TOKEN_LIFETIME", "99999999999999999999"),
        ]) func `one that cannot be understood is one sentence that names it`(name: String, value: String)
    {
        let error = #expect(throws: SettingsError.self) { try Settings([name: value]) }
        #expect(error?.description.contains(name) == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `the debug bar's route does not start in production`() throws {
        #expect(throws: SettingsError.self) { try Settings(["DEBUGBAR_ENABLED": "true"]) }
        #expect(throws: SettingsError.self) { try Settings(["APP_DEBUG": "true"]) }
        #expect(try Settings(["DEBUGBAR_ENABLED": "true", "APP_ENV": "local"]).isDebugBarEnabled)
        #expect(try !Settings(["APP_DEBUG": "true", "DEBUGBAR_ENABLED": "false"]).isDebugBarEnabled)
    }

    @Test func `scopes are an id and a description`() throws {
        let scopes = try Settings(["SCOPES": "orders:read Read orders; b", "DEFAULT_SCOPES": "b"]).scopes
        #expect(scopes.all.map(\.id) == ["orders:read", "b"])
        #expect(scopes.all.map(\.description) == ["Read orders", "b"])
        #expect(try scopes.resolve(nil) == ["b"])
        #expect(try scopes.resolve("b orders:read b") == ["b", "orders:read"])
        #expect(throws: OAuthError.self) { try scopes.resolve("*") }
    }

    @Test func `every one is described once, in a sentence`() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        for setting in Setting.all { #expect(setting.sentence.hasSuffix("."), "\(setting.name)") }
    }
}

@Suite struct `The route table` {
    @Test func `has no name and no address twice`() {
        #expect(Set(Routes.all.map(\.name)).count == Routes.all.count)
        #expect(Set(Routes.all.map { "\($0.method) \($0.path)" }).count == Routes.all.count)
    }
}
