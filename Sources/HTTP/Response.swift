public import HTTPTypes

/// A response: a status, header fields and a body.
public struct Response: Sendable {
    public var status: HTTPResponse.Status
    public var fields: HTTPFields
    public var body: [UInt8]

    /// Creates a response.
    public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Returns a response with a JSON document.
    public static func json(_ value: JSON, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:]) -> Response {
        .json(value.bytes, status: status, fields: fields)
    }

    /// Returns a response with an encoded JSON document.
    public static func json(_ document: [UInt8], status: HTTPResponse.Status = .ok, fields: HTTPFields = [:])
        -> Response
    {
        var response = Response(status: status, fields: fields, body: document)
        response.fields[.contentType] = "application/json"
        return response
    }

    /// A response without a body.
    public static var noContent: Response {
        Response(status: .noContent)
    }

    /// Returns a response that sends the browser to another address.
    ///
    /// After a form was posted, use `.seeOther` and never 307 (RFC 9700 §4.12).
    public static func redirect(to location: String, status: HTTPResponse.Status = .found) -> Response {
        Response(status: status, fields: [.location: location])
    }

    /// Adds a cookie.
    public mutating func set(_ cookie: Cookie) {
        fields.append(HTTPField(name: .setCookie, value: cookie.description))
    }
}
