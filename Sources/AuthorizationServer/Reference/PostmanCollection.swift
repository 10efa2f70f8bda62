import Cryptography
import HTTP
import HTTPTypes

/// The reference as a Postman collection (schema v2.1.0).
enum PostmanCollection {
    /// Returns the document.
    static func document(_ settings: Settings) -> JSON {
        [
            "info": [
                "name": .string(settings.appName + " API"), "_postman_id": .string(identifier(settings)),
                "description": .string(instructions),
                "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
            ],
            "variable": .array(
                variables(settings).map { ["key": .string($0.0), "value": .string($0.1), "type": "string"] }),
            "auth": authorization,
            "item": .array(
                Reference.groups.map { group in
                    [
                        "name": .string(group.name),
                        "item": .array(
                            group.routes.flatMap { route in route.examples(settings).map { item(route, $0, settings) } }
                        ),
                    ]
                }),
        ]
    }

    /// Returns the identifier of the collection.
    ///
    /// The identifier differs for each server, so that Postman keeps the collections of two servers
    /// apart.
    private static func identifier(_ settings: Settings) -> String {
        let digits = Array(Digest.hexadecimal(settings.issuer))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    private static let instructions = """
        Made from the route table of the server in BASE_URL. Set CLIENT_ID and CLIENT_SECRET of a client that has \(callback) among its redirect URIs: \
        then “Get New Access Token” works. TOKEN is an access token of POST /api/login, for the routes that manage tokens and clients. Those of a session \
        need the cookie that POST /login sets, and CSRF: the token that GET /login gives a guest, and GET /logout whoever is signed in.
        """

    /// Returns the variables that the requests need, with the address of this server filled in.
    private static func variables(_ settings: Settings) -> [(String, String)] {
        let fields = Routes.all.flatMap {
            $0.endpoint.parameters.compactMap(\.sample) + $0.endpoint.variants.flatMap { $0.body.map(\.sample) }
        }
        var names = ["TOKEN", "CSRF", "CLIENT_ID", "CLIENT_SECRET"]
        names += Routes.all.flatMap(\.endpoint.variants).flatMap {
            ["\($0.client)CLIENT_ID", "\($0.client)CLIENT_SECRET"]
        }
        for case .variable(let name, _) in fields { names.append(name) }
        var known: Set<String> = []
        return [("BASE_URL", settings.issuer)] + names.filter { known.insert($0).inserted }.map { ($0, "") }
    }

    /// The settings of “Get New Access Token”: the authorization code grant with PKCE.
    ///
    /// The redirect URIs of the client must include Postman's address.
    private static let authorization: JSON = {
        func setting(_ key: String, _ value: JSON) -> JSON {
            ["key": .string(key), "value": value, "type": value == true ? "boolean" : "string"]
        }
        return [
            "type": "oauth2",
            "oauth2": [
                setting("tokenName", "Consulate"), setting("grant_type", "authorization_code_with_pkce"),
                setting("authUrl", "{{BASE_URL}}/oauth/authorize"),
                setting("accessTokenUrl", "{{BASE_URL}}/oauth/token"),
                setting("redirect_uri", .string(callback)), setting("useBrowser", true),
                setting("clientId", "{{CLIENT_ID}}"),
                setting("clientSecret", "{{CLIENT_SECRET}}"), setting("challengeAlgorithm", "S256"),
                setting("client_authentication", "header"),
                setting("addTokenTo", "header"), setting("headerPrefix", "Bearer"),
            ],
        ]
    }()

    /// The address where Postman waits for the code when it asks with a browser.
    private static let callback = "https://oauth.pstmn.io/v1/callback"

    private static func item(_ route: Route, _ variant: Endpoint.Variant?, _ settings: Settings) -> JSON {
        let request = request(route, ExampleRequest(route, variant, issuer: "{{BASE_URL}}"))
        let responses = Reference.answers(of: route).map { answer in
            JSON.object([
                .init(name: "name", value: .string("\(answer.status.code): \(answer.meaning)")),
                .init(name: "originalRequest", value: request),
                .init(name: "status", value: .string(answer.status.reasonPhrase)),
                .init(name: "code", value: .integer(Int64(answer.status.code))),
                .init(
                    name: "_postman_previewlanguage",
                    value: .string(
                        answer.type == "application/json" ? "json" : answer.type == "text/html" ? "html" : "text")),
                .init(
                    name: "header",
                    value: .array(answer.type.map { [["key": "Content-Type", "value": .string($0)]] } ?? [])),
                .init(name: "cookie", value: []),
                .init(name: "body", value: .string(answer.body(settings)?.plain ?? "")),
            ])
        }
        let name = route.title + (variant.map { " (\($0.title))" } ?? "")
        return ["name": .string(name), "request": request, "response": .array(responses)]
    }

    private static func request(_ route: Route, _ example: ExampleRequest) -> JSON {
        var request: JSON = ["method": .string(example.method), "description": .string(route.endpoint.text)]
        if let auth = auth(example) { request.append("auth", auth) }
        request.append("header", header(example))
        request.append("url", url(example))
        if !example.body.isEmpty { request.append("body", body(example)) }
        return request
    }

    /// Returns the authorization of a request.
    ///
    /// Returns `nil` for the authorization of the collection. Postman then uses the token that it
    /// obtained.
    private static func auth(_ example: ExampleRequest) -> JSON? {
        switch example.credential {
        case .bearer: nil
        case .firstPartyBearer:
            ["type": "bearer", "bearer": [["key": "token", "value": "{{TOKEN}}", "type": "string"]]]
        case .client:
            [
                "type": "basic",
                "basic": [
                    ["key": "username", "value": "{{\(example.client)CLIENT_ID}}", "type": "string"],
                    ["key": "password", "value": "{{\(example.client)CLIENT_SECRET}}", "type": "string"],
                ],
            ]
        case .none, .session, .guest: ["type": "noauth"]
        }
    }

    private static func header(_ example: ExampleRequest) -> JSON {
        var header: [JSON] = [["key": "Accept", "value": "application/json"]]
        if example.provesItself { header.append(["key": "X-CSRF-TOKEN", "value": "{{CSRF}}"]) }
        if !example.body.isEmpty {
            header.append(["key": "Content-Type", "value": .string(example.bodyType.rawValue)])
        }
        return .array(header)
    }

    private static func url(_ example: ExampleRequest) -> JSON {
        let address = example.address { "{{\($0)}}" }
        let fields = example.query.map { ($0, text($1)) }
        // Does not encode a variable here. Its value is encoded when it is filled in.
        let query = fields.map { name, value in
            "\(name)=\(value.hasPrefix("{{") ? value : PercentEncoding.encode(value))"
        }.joined(separator: "&")
        var url: JSON = [
            "raw": .string(query.isEmpty ? address : "\(address)?\(query)"), "host": ["{{BASE_URL}}"],
            "path": JSON(address.split(separator: "/").dropFirst().map(String.init)),
        ]
        if !fields.isEmpty { url.append("query", .array(fields.map { ["key": .string($0), "value": .string($1)] })) }
        return url
    }

    private static func body(_ example: ExampleRequest) -> JSON {
        guard example.bodyType == .form else {
            return ["mode": "raw", "raw": .string(example.jsonBody.plain), "options": ["raw": ["language": "json"]]]
        }
        return [
            "mode": "urlencoded",
            "urlencoded": .array(
                example.body.map { ["key": .string($0), "value": .string(text($1)), "type": "text"] }),
        ]
    }

    private static func text(_ sample: Input.Sample) -> String {
        switch sample {
        case .value(let value): value.plain
        case .variable(let name, _): "{{\(name)}}"
        }
    }
}
