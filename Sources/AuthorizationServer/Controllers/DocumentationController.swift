import HTTP
import HTTPTypes

/// The API reference, made from the route table.
enum DocumentationController {
    /// `GET /docs`: the page.
    static func show(_ call: Call) throws -> Response {
        Page.fixed(call.application.reference.page, language: "en")
    }

    /// `GET /docs/collection.json`: the Postman collection.
    static func collection(_ call: Call) throws -> Response {
        document(call.application.reference.collection)
    }

    /// `GET /docs/openapi.json`: the OpenAPI document.
    static func openAPI(_ call: Call) throws -> Response {
        document(call.application.reference.openAPI)
    }

    private static func document(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok, fields: [.contentType: "application/json", .cacheControl: "public, max-age=300"], body: bytes)
    }
}
