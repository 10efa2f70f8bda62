import HTTP
import HTTPTypes
import OAuth

/// The reference as an OpenAPI 3.1 document.
enum OpenAPIDocument {
    /// Returns the document.
    static func document(_ settings: Settings) -> JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": .string(settings.appName + " API"), "version": "1",
                "description":
                    "OAuth 2.0 authorization server with Laravel Passport's addresses. Generated from the route table.",
            ],
            "servers": [["url": .string(settings.issuer)]],
            "tags": .array(Reference.groups.map { ["name": .string($0.name)] }),
            "paths": paths(settings),
            "components": ["securitySchemes": securitySchemes(settings), "schemas": errorSchemas],
        ]
    }

    private static func securitySchemes(_ settings: Settings) -> JSON {
        let scopes = JSON.object(settings.scopes.all.map { JSON.Member(name: $0.id, value: .string($0.description)) })
        let token = JSON.string(settings.issuer + "/oauth/token")
        return [
            "authorizationCode": [
                "type": "oauth2",
                "flows": [
                    "authorizationCode": [
                        "authorizationUrl": .string(settings.issuer + "/oauth/authorize"), "tokenUrl": token,
                        "refreshUrl": token, "scopes": scopes,
                    ]
                ],
            ],
            "clientCredentials": [
                "type": "oauth2",
                "description": "A client's own token is for the servers that check it, and opens no route here.",
                "flows": ["clientCredentials": ["tokenUrl": token, "scopes": scopes]],
            ],
            "bearer": [
                "type": "http", "scheme": "bearer",
                "description": "A token of POST /api/login; for /api/* any user's access token.",
            ],
            "client": ["type": "http", "scheme": "basic", "description": "A client's id and secret."],
            "session": [
                "type": "apiKey", "in": "cookie", "name": .string(SessionCookie.name(settings)),
                "description": "A browser's session, or a guest's.",
            ],
            "transient": [
                "type": "apiKey", "in": "cookie", "name": .string(TransientToken.cookieName),
                "description": "What POST /oauth/token/refresh sets.",
            ],
            "csrf": [
                "type": "apiKey", "in": "header", "name": "X-CSRF-TOKEN",
                "description": "What `GET /login` gives a guest, and `GET /logout` whoever is signed in.",
            ],
        ]
    }

    private static let errorSchemas: JSON = [
        "Error": JSONSchema.of(["message": "Not Found", "errors": [:], "status": 404]),
        "OAuthError": JSONSchema.of([
            "error": "invalid_request", "error_description": "…", "hint": "…", "message": "…", "status": 400,
        ]),
    ]

    // MARK: - Paths

    private static func paths(_ settings: Settings) -> JSON {
        var paths: [(path: String, routes: [Route])] = []
        for route in Routes.all where !route.endpoint.isInternal {
            for path in variants(of: route) {
                if let index = paths.firstIndex(where: { $0.path == path }) {
                    paths[index].routes.append(route)
                } else {
                    paths.append((path, [route]))
                }
            }
        }
        return .object(
            paths.map { path, routes in
                JSON.Member(
                    name: path,
                    value: .object(
                        routes.map {
                            JSON.Member(name: $0.method.rawValue.lowercased(), value: operation($0, path, settings))
                        }))
            })
    }

    /// Returns the OpenAPI paths of a route.
    ///
    /// OpenAPI has no optional segments, so a path with an optional segment becomes two paths.
    private static func variants(of route: Route) -> [String] {
        let path = route.path.description
        guard let optional = path.firstRange(of: #/\/\{[^}]+\?\}/#) else { return [path] }
        return [path.replacing("?}", with: "}"), String(path[..<optional.lowerBound])]
    }

    private static func operation(_ route: Route, _ path: String, _ settings: Settings) -> JSON {
        let endpoint = route.endpoint
        let isShorter = route.path.description.contains("?") && !path.contains("{tags}")
        var operation: JSON = [
            "operationId": .string(route.name + (isShorter ? ".untagged" : "")), "tags": [.string(route.group)],
            "summary": .string(route.title),
            "description": .string(endpoint.text),
        ]
        let parameters = endpoint.parameters.filter {
            $0.place == .query || $0.place == .path && path.contains("{\($0.name)}")
        }
        let all = parameters.map { parameter($0, settings) } + (isOpenForm(route) ? proof(settings) : [])
        if !all.isEmpty { operation.append("parameters", .array(all)) }
        let fields = endpoint.parameters.filter { $0.place == .body }
        if !fields.isEmpty { operation.append("requestBody", body(fields, endpoint, settings)) }
        operation.append("responses", responses(route, settings))
        operation.append("security", security(route))
        return operation
    }

    /// Returns whether the route is a form for anybody.
    ///
    /// Only a page of this server may send the form.
    private static func isOpenForm(_ route: Route) -> Bool {
        if case .guest = route.access { true } else { false }
    }

    /// Returns the parameters for the cookie from the `GET` of a page and for its CSRF token.
    ///
    /// The cookie and the token are not a credential, but no other site has them.
    private static func proof(_ settings: Settings) -> [JSON] {
        [
            [
                "name": .string(SessionCookie.name(settings)), "in": "cookie", "required": true,
                "schema": ["type": "string"],
            ],
            ["name": "X-CSRF-TOKEN", "in": "header", "required": true, "schema": ["type": "string"]],
        ]
    }

    private static func parameter(_ parameter: Input, _ settings: Settings) -> JSON {
        var document: JSON = [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "required": .bool(parameter.isRequired || parameter.place == .path),
            "description": .string(parameter.meaning), "schema": JSONSchema.of(parameter, settings),
        ]
        if let sample = parameter.sample { document.append("example", sample.json) }
        return document
    }

    private static func body(_ fields: [Input], _ endpoint: Endpoint, _ settings: Settings) -> JSON {
        let types: [Endpoint.BodyType] = endpoint.bodyType == .json ? [.json, .form] : [.form, .json]
        return [
            "required": .bool(fields.contains { $0.isRequired }),
            "content": .object(types.map { JSON.Member(name: $0.rawValue, value: content(fields, as: $0, settings)) }),
        ]
    }

    private static func content(_ fields: [Input], as type: Endpoint.BodyType, _ settings: Settings) -> JSON {
        // In a form, the name of a field shows that the field is a list.
        func name(_ field: Input) -> String { field.isList && type == .form ? field.name + "[]" : field.name }
        let properties = fields.map { field in
            var schema = JSONSchema.of(field, settings)
            if field.mayBeNull, type == .json { schema = ["anyOf": [schema, ["type": "null"]]] }
            schema.append("description", .string(field.meaning))
            return JSON.Member(name: name(field), value: schema)
        }
        let required = fields.filter(\.isRequired).map(name)
        let examples = fields.compactMap { field in field.sample.map { JSON.Member(name: name(field), value: $0.json) }
        }
        return [
            "schema": ["type": "object", "properties": .object(properties), "required": JSON(required)],
            "example": .object(examples),
        ]
    }

    /// Returns the security requirements of the route.
    ///
    /// Each entry is one way of calling, and lists everything that this way requires. Several
    /// entries are alternatives.
    private static func security(_ route: Route) -> JSON {
        let session: JSON = route.isUnsafe ? ["session": [], "csrf": []] : ["session": []]
        switch route.access {
        case .client: return [["client": []], [:]]
        case .anyone, .guest:
            switch route.credential {
            case .session where !route.isUnsafe: return [session, [:]]
            default: return []
            }
        case .session: return [session]
        case .management: return [["bearer": []], session, ["transient": [], "csrf": []]]
        case .bearer: return [["bearer": []], ["authorizationCode": []], ["transient": [], "csrf": []]]
        }
    }

    // MARK: - Responses

    private static func responses(_ route: Route, _ settings: Settings) -> JSON {
        var statuses: [(code: Int, answers: [Endpoint.Answer])] = []
        for answer in Reference.answers(of: route) {
            if let index = statuses.firstIndex(where: { $0.code == answer.status.code }) {
                statuses[index].answers.append(answer)
            } else {
                statuses.append((answer.status.code, [answer]))
            }
        }
        return .object(
            statuses.map { JSON.Member(name: String($0.code), value: response($0.answers, route, settings)) })
    }

    private static func response(_ answers: [Endpoint.Answer], _ route: Route, _ settings: Settings) -> JSON {
        var response: JSON = ["description": .string(answers.map(\.meaning).joined(separator: " "))]
        let fields = Set(answers.flatMap(\.fields)).map(\.canonicalName).sorted()
        if !fields.isEmpty {
            response.append("headers", .object(fields.map { .init(name: $0, value: ["schema": ["type": "string"]]) }))
        }
        guard let type = answers.compactMap(\.type).first else { return response }
        var content: JSON = [:]
        if answers.allSatisfy({ $0.status.code >= 400 }) {
            content.append(
                "schema",
                ["$ref": .string("#/components/schemas/\(route.errors != .envelope ? "OAuthError" : "Error")")])
        } else if let body = answers.compactMap({ $0.body(settings) }).first {
            content.append("schema", JSONSchema.of(body))
        } else {
            content.append("schema", ["type": "string"])
        }
        let examples = answers.compactMap { $0.body(settings) }.enumerated().map {
            JSON.Member(name: "example\($0 + 1)", value: ["value": $1])
        }
        if !examples.isEmpty { content.append("examples", .object(examples)) }
        response.append("content", .object([.init(name: type, value: content)]))
        return response
    }
}
