import Pages
import Testing

@testable import AuthorizationServer

/// The language of a page (OpenID Connect Core §3.1.2.1, RFC 9110 §12.5.4).
@Suite struct `The language of a page` {
    /// `Accept-Language` fields, and the language of `en`, `de` and `pt-BR` that they get.
    private static let fields = [
        ("", "en"), ("de", "de"), ("DE", "de"), ("de-AT", "de"), ("de-AT,en", "de"), ("en,de", "en"),
        ("en;q=0.5,de", "de"),
        ("en;q=0.5,de;q=0.6", "de"), ("en;q=0.6,de;q=0.6", "en"), ("de;q=0.6,en;q=0.6", "de"), ("fr", "en"),
        ("fr,de", "de"),
        ("fr,de;q=0.1", "de"), ("*", "en"), ("*,de;q=0.1", "de"), ("de;q=0", "en"), ("de;q=0,en;q=0", "en"),
        ("de;q=0.001", "de"),
        ("pt", "pt-BR"), ("pt-PT", "pt-BR"), ("pt-BR", "pt-BR"), ("PT-br", "pt-BR"), (" de , en ", "de"),
        ("de ; q=0.9 , en;q=0.8", "de"),
        (",,de", "de"), (";q=1,de", "de"), ("de;q=x", "de"), ("de;q=", "de"), ("de;level=1;q=0.2,en;q=0.3", "en"),
        ("d", "en"),
        ("deutsch", "en"), ("e", "en"), ("-", "en"), ("\u{0}", "en"), ("de-", "de"), ("zh-Hant-TW,de;q=0.9", "de"),
        ("i-klingon", "en"),
        (String(repeating: "fr,", count: 19) + "de", "de"), (String(repeating: "fr,", count: 20) + "de", "en"),
    ]

    @Test(arguments: fields) func `is the best of Accept-Language`(field: String, language: String) {
        #expect(Language.choose(uiLocales: nil, acceptLanguage: field, among: ["en", "de", "pt-BR"]) == language)
    }

    @Test(arguments: fields) func `is the first of ui_locales, before Accept-Language`(field: String, language: String)
    {
        for (locales, other) in [
            ("de", "de"), ("fr de", "de"), ("pt-PT en", "pt-BR"), ("xx en", "en"), ("de-CH-1996", "de"),
        ] {
            #expect(Language.choose(uiLocales: locales, acceptLanguage: field, among: ["en", "de", "pt-BR"]) == other)
        }
        // Twenty languages are looked at, those of both together.
        let others = field.hasPrefix("fr,fr") ? ["", " "] : ["", " ", "xx", "xx yy"]
        for locales in others {
            #expect(
                Language.choose(uiLocales: locales, acceptLanguage: field, among: ["en", "de", "pt-BR"]) == language,
                "\(locales)")
        }
    }

    @Test func `is the first language of the server if none fits`() {
        #expect(Language.choose(uiLocales: "xx", acceptLanguage: "yy", among: ["de", "en"]) == "de")
        #expect(Language.choose(uiLocales: nil, acceptLanguage: nil, among: []) == "en")
    }
}
