import HTTP
import HTTPTypes

/// The API reference, which is generated from the route table.
enum DocumentationController {
    /// `GET /docs`: returns the page.
    static func show(_ call: Call) throws -> Response {
        Page.fixed(call.application.reference.page, language: "en")
    }

    /// `GET /docs/collection.json`: returns the Postman collection.
    static func collection(_ call: Call) throws -> Response {
        document(call.application.reference.collection)
    }

    /// `GET /docs/openapi.json`: returns the OpenAPI document.
    static func openAPI(_ call: Call) throws -> Response {
        document(call.application.reference.openAPI)
    }

    private static func document(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok, fields: [.contentType: "application/json", .cacheControl: "public, max-age=300"], body: bytes)
    }
}
