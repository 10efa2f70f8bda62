public import HTTPTypes

/// What is sent back: a status, header fields and a body.
public struct Response: Sendable {
    public var status: HTTPResponse.Status
    public var fields: HTTPFields
    public var body: [UInt8]

    /// Describes a response.
    public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A JSON document.
    public static func json(_ value: JSON, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:]) -> Response {
        .json(value.bytes, status: status, fields: fields)
    }

    /// A JSON document that is written already.
    public static func json(_ document: [UInt8], status: HTTPResponse.Status = .ok, fields: HTTPFields = [:])
        -> Response
    {
        var response = Response(status: status, fields: fields, body: document)
        response.fields[.contentType] = "application/json"
        return response
    }

    /// An answer without a body.
    public static var noContent: Response {
        Response(status: .noContent)
    }

    /// Sends the browser elsewhere; after a form was posted use `.seeOther`, never 307 (RFC 9700 §4.12).
    public static func redirect(to location: String, status: HTTPResponse.Status = .found) -> Response {
        Response(status: status, fields: [.location: location])
    }

    /// Adds a cookie.
    public mutating func set(_ cookie: Cookie) {
        fields.append(HTTPField(name: .setCookie, value: cookie.description))
    }
}
