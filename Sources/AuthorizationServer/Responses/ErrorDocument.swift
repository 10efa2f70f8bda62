import HTTP
import HTTPTypes
import OAuth

/// The JSON document of an error: the envelope, or the document of the protocol.
enum ErrorDocument {
    /// Renders any error in the form that the route's callers expect.
    static func render(_ error: HTTPError, as style: Route.ErrorStyle, debug: String?) -> Response {
        style != .envelope ? render(protocolError(for: error), debug: debug) : render(error, debug: debug)
    }

    /// Renders the envelope, with `status` as its last member.
    private static func render(_ error: HTTPError, debug: String?) -> Response {
        var document: JSON = ["message": .string(error.message)]
        if !error.errors.isEmpty {
            let errors = error.errors.map { field, failures in
                JSON.Member(name: field, value: JSON(failures.map { $0.message(field) }))
            }
            document.append("errors", .object(errors))
        }
        append(status: error.status, debug: debug, to: &document)
        return .json(document, status: error.status, fields: error.fields)
    }

    /// Renders the protocol's document (RFC 6749 §5.2).
    ///
    /// `message` repeats the description, because Passport's consumers expect it.
    static func render(_ error: OAuthError, debug: String?) -> Response {
        var document: JSON = ["error": .string(error.code.rawValue), "error_description": .string(error.description)]
        if let hint = error.hint { document.append("hint", .string(hint)) }
        document.append("message", .string(error.description))
        append(status: error.status, debug: debug, to: &document)
        var response = Response.json(document, status: error.status, fields: error.fields)
        response.fields[.cacheControl] = "no-store"
        return response
    }

    private static func append(status: HTTPResponse.Status, debug: String?, to document: inout JSON) {
        if let debug {
            document.append("code", .integer(Int64(status.code)))
            document.append("trace", [.string(debug)])
        }
        document.append("status", .integer(Int64(status.code)))
    }

    private static func protocolError(for error: HTTPError) -> OAuthError {
        let code: OAuthError.Code =
            switch error.status.code {
            case 401: .loginRequired
            case 403, 419: .accessDenied
            case 429, 503: .temporarilyUnavailable
            case 500...: .serverError
            default: .invalidRequest
            }
        var translated = OAuthError(code, error.message)
        translated.status = error.status
        translated.fields = error.fields
        return translated
    }
}
