package import HTTPTypes

/// A response: a status, header fields and a body.
package struct Response: Sendable {
    package var status: HTTPResponse.Status
    package var fields: HTTPFields
    package var body: [UInt8]

    /// Creates a response.
    package init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Returns a response with a JSON document.
    package static func json(_ value: JSON, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:]) -> Response {
        .json(value.bytes, status: status, fields: fields)
    }

    /// Returns a response with an encoded JSON document.
    package static func json(_ document: [UInt8], status: HTTPResponse.Status = .ok, fields: HTTPFields = [:])
        -> Response
    {
        var response = Response(status: status, fields: fields, body: document)
        response.fields[.contentType] = "application/json"
        return response
    }

    /// A response without a body.
    package static var noContent: Response {
        Response(status: .noContent)
    }

    /// Returns a response that sends the browser to another address.
    ///
    /// After a form was posted, use `.seeOther` and never 307 (RFC 9700 §4.12).
    package static func redirect(to location: String, status: HTTPResponse.Status = .found) -> Response {
        Response(status: status, fields: [.location: location])
    }

    /// Adds a cookie.
    package mutating func set(_ cookie: Cookie) {
        fields.append(HTTPField(name: .setCookie, value: cookie.description))
    }
}
