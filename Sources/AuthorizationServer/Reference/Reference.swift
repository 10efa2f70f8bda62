import HTTP
import HTTPTypes
import OAuth
import Pages

/// The API reference in its three forms, created once at startup.
struct Reference: Sendable {
    /// The page, in HTML.
    let page: [UInt8]
    /// The Postman collection.
    let collection: [UInt8]
    /// The OpenAPI document.
    let openAPI: [UInt8]

    init(_ settings: Settings, _ views: Views) {
        page = Array(views.render(DocumentationPage(settings), in: views.layout("en")).utf8)
        collection = PostmanCollection.document(settings).bytes
        openAPI = OpenAPIDocument.document(settings).bytes
    }

    /// The groups of routes.
    ///
    /// The groups of the reference that this project implements come first, in the order of that
    /// reference. The groups of Consulate follow.
    static var groups: [(name: String, routes: [Route])] {
        var names: [String] = []
        for route in Routes.all where !names.contains(route.group) { names.append(route.group) }
        return names.map { name in (name, Routes.all.filter { $0.group == name }) }
    }

    /// Returns every answer of a route: its successes, then its failures as the server sends them.
    static func answers(of route: Route) -> [Endpoint.Answer] {
        route.answers
            + route.refusals.map { refusal in
                let response = response(refusal, of: route)
                let fields = [HTTPField.Name.retryAfter, .wwwAuthenticate].filter { response.fields[$0] != nil }
                return Endpoint.Answer(response.status, refusal.meaning, JSON(parsing: response.body), fields: fields)
            }
    }

    /// Returns the body and the status of a failure of a route, as the server sends them.
    static func response(_ refusal: Endpoint.Refusal, of route: Route) -> Response {
        if let error = refusal.error as? OAuthError { return ErrorDocument.render(error, debug: nil) }
        return ErrorDocument.render(refusal.error as? HTTPError ?? .serverError, as: route.errors, debug: nil)
    }
}
