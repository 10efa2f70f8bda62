import FoundationEssentials
import HTTP
import Mustache

/// The HTML pages of the server, compiled once.
///
/// The files of VIEWS_PATH override the embedded templates and texts.
package struct Views: Sendable {
    package let assets: Assets
    package let appName: String
    /// The texts of each language.
    ///
    /// English comes first and is complete.
    private let texts: [Texts]
    private let libraries: [String: MustacheLibrary]

    /// All pages.
    package static let pages: [any View.Type] = [
        SignInPage.self, RegisterPage.self, SignOutPage.self, SignedOutPage.self, ConsentPage.self, ErrorPage.self,
        AccountPage.self,
        PersonalTokenPage.self, NewPersonalTokenPage.self, ClientPage.self, ClientSecretPage.self, PasswordPage.self,
        PasswordChangedPage.self,
        ConfirmPage.self, DocumentationPage.self,
    ]

    /// Compiles the pages.
    ///
    /// `folder` has files that replace the embedded templates and texts. Throws one sentence that
    /// names the unusable file.
    package init(
        appName: String, accentColor: AccentColor, logoPath: String?, folder: String?
    ) throws(TemplateError) {
        let own = try Self.files(in: folder)
        let embedded = Dictionary(EmbeddedFiles.all.map { ($0.name, Array($0.text.utf8)) }) { first, _ in first }
        let files = embedded.merging(own) { _, new in new }
        func text(_ name: String) -> String { String(decoding: files[name] ?? [], as: UTF8.self) }

        self.appName = appName
        let accent = accentColor.stylesheet
        assets = Assets(
            icon: .init("icon", "svg", type: "image/svg+xml", Array(text("icon.svg").utf8)),
            stylesheet: .init(
                "style", "css", type: "text/css; charset=utf-8", Array((accent + text("style.css")).utf8)),
            script: .init("script", "js", type: "text/javascript; charset=utf-8", Array(text("script.js").utf8)),
            logo: try logoPath.map { path throws(TemplateError) in try Self.logo(path) })
        let (all, new) = try Self.texts(embedded: embedded, own: own)
        texts = all
        libraries = try Self.compile(Self.templates(files), texts, own: new.union(Self.templates(own).keys))
    }

    /// Renders a page.
    package func render<Page: View>(_ page: Page, in layout: Layout) -> String {
        libraries[layout.language]?.render(page.tags.over(layout.tags), withTemplate: Page.template) ?? ""
    }

    /// Returns the layout around a page in one of the languages.
    package func layout(
        _ language: String, csrfToken: String = "", locales: String? = nil, user: Layout.Account? = nil,
        notice: String? = nil,
        problems: [Problem] = []
    ) -> Layout {
        let texts = texts(language)
        return Layout(
            language: texts.language, direction: texts.direction, appName: appName, icon: assets.icon.address,
            stylesheet: assets.stylesheet.address, script: assets.script.address, logo: assets.logo?.address,
            csrfToken: csrfToken, locales: locales,
            user: user, notice: notice, problems: problems.map { $0.named(by: texts) }, hasProblems: !problems.isEmpty)
    }

    /// The supported languages.
    package var languages: [String] { texts.map(\.language) }

    /// Returns the texts of a supported language.
    package func texts(_ language: String) -> Texts {
        texts.first { $0.language == language } ?? texts[0]
    }

    // MARK: - Startup

    private static func files(in folder: String?) throws(TemplateError) -> [String: [UInt8]] {
        guard let folder else { return [:] }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            let used = names.filter { name in
                [".mustache", ".json", ".css", ".js", ".svg"].contains { name.hasSuffix($0) }
            }
            return try Dictionary(
                uniqueKeysWithValues: used.map {
                    ($0, Array(try Data(contentsOf: URL(filePath: folder).appending(path: $0))))
                })
        } catch {
            throw TemplateError(
                "VIEWS_PATH=\(folder) cannot be read: give the folder and its files to the user that runs Consulate.")
        }
    }

    private static func logo(_ path: String) throws(TemplateError) -> Assets.Asset {
        let types = ["svg": "image/svg+xml", "png": "image/png", "webp": "image/webp", "jpg": "image/jpeg"]
        let suffix = String(path.split(separator: ".").last ?? "").lowercased()
        guard let type = types[suffix] else {
            throw TemplateError("APP_LOGO=\(path) is not a .svg, .png, .webp or .jpg file.")
        }
        guard let data = try? Data(contentsOf: URL(filePath: path)), !data.isEmpty else {
            throw TemplateError("APP_LOGO=\(path) cannot be read: give the file to the user that runs Consulate.")
        }
        return Assets.Asset("logo", suffix, type: type, Array(data))
    }

    private static func templates(_ files: [String: [UInt8]]) -> [String: String] {
        let suffix = ".mustache"
        let names = files.keys.filter { $0.hasSuffix(suffix) }
        return Dictionary(
            uniqueKeysWithValues: names.map {
                (String($0.dropLast(suffix.count)), String(decoding: files[$0] ?? [], as: UTF8.self))
            })
    }

    /// Returns the texts of all languages, English first, and the keys that only the operator's
    /// texts have.
    ///
    /// The operator's texts change a language or add a language.
    private static func texts(
        embedded: [String: [UInt8]], own: [String: [UInt8]]
    ) throws(TemplateError) -> (all: [Texts], new: Set<String>) {
        let ours = try catalogues(embedded, "")
        let theirs = try catalogues(own, "VIEWS_PATH/")
        guard let english = ours["en"] else { throw TemplateError("The texts en.json are missing.") }
        let all = ours.merging(theirs) { $0.merging($1) }
        for texts in all.values {
            if let missing = english.all.keys.filter({ texts.all[$0] == nil }).min() {
                throw TemplateError("The texts \(texts.language).json lack “\(missing)”.")
            }
        }
        let new = Set(all.values.flatMap(\.all.keys)).subtracting(english.all.keys)
        return (
            [all["en"] ?? english] + all.values.filter { $0.language != "en" }.sorted { $0.language < $1.language }, new
        )
    }

    private static func catalogues(_ files: [String: [UInt8]], _ folder: String) throws(TemplateError) -> [String:
        Texts]
    {
        var found: [String: Texts] = [:]
        for (name, json) in files where name.hasSuffix(".json") {
            let language = String(name.dropLast(".json".count))
            found[language] = try Texts(language: language, json: json, file: folder + name)
        }
        return found
    }

    private static func compile(
        _ templates: [String: String], _ texts: [Texts], own: Set<String>
    ) throws(TemplateError) -> [String: MustacheLibrary] {
        MustacheContentTypes.register(EscapedHTML(), named: "ESCAPED_HTML")
        var libraries: [String: MustacheLibrary] = [:]
        for language in texts {
            let all = templates.merging(language.all) { template, _ in template }
            try check(all, own: own, language.language)
            libraries[language.language] = try library(all.mapValues(language.inserted(into:)))
        }
        return libraries
    }

    private static func library(_ templates: [String: String]) throws(TemplateError) -> MustacheLibrary {
        var library = MustacheLibrary()
        for (name, text) in templates {
            do {
                try library.register("{{% CONTENT_TYPE:ESCAPED_HTML}}" + text, named: name)
            } catch {
                throw TemplateError("The template \(name) cannot be used: \(error).")
            }
        }
        return library
    }

    /// Checks every page, and checks that a page uses each template and each text.
    ///
    /// Embedded templates and texts may be unused, because a template of the operator may not need
    /// them.
    private static func check(_ templates: [String: String], own: Set<String>, _ language: String) throws(TemplateError)
    {
        var check = TemplateCheck(templates)
        for page in pages { try check.check(page) }
        let idle = templates.keys.filter {
            !check.visited.contains($0) && $0 != "direction" && (own.isEmpty || own.contains($0))
        }
        if let idle = idle.min() {
            throw TemplateError(
                "“\(idle)”, of the templates and texts for \(language), is not used by any page: check that its name is the name that it replaces."
            )
        }
    }
}

extension TemplateCheck {
    /// Checks the template of a page together with the layout around it.
    fileprivate mutating func check<Page: View>(_ page: Page.Type) throws(TemplateError) {
        try check(Page.template, tags: Page.sample.tags.over(Layout.sample.tags))
    }
}

/// The content type that escapes every special character of HTML.
///
/// It escapes by Unicode scalar. If it escaped by grapheme cluster, `"` with a combining accent
/// would stay unescaped.
package struct EscapedHTML: MustacheContentType {
    package func escapeText(_ text: String) -> String {
        guard text.utf8.contains(where: Self.isLookedAt) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default:
                // Skips characters that change the direction of the text around them or break its
                // line. So a name affects only its own place on the page.
                if !Self.turning.contains(scalar.value) { escaped.unicodeScalars.append(scalar) }
            }
        }
        return escaped
    }

    /// Returns whether a byte is a special character or part of a character outside ASCII.
    ///
    /// Most texts have none of these bytes.
    private static func isLookedAt(_ byte: UInt8) -> Bool {
        byte >= 0x80
            || [UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'")]
                .contains(byte)
    }

    private static let turning = Set<UInt32>(
        [0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff] + Array(0x202a...0x202e) + Array(0x2066...0x2069)
            + Array(0x80...0x9f))
}
