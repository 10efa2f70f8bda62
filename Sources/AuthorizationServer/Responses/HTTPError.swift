import HTTP
import HTTPTypes
import MariaDB
import OAuth

/// An error in the reference's envelope: `{"message", "errors"?, "status"}`.
struct HTTPError: Error {
    let status: HTTPResponse.Status
    let message: String
    var errors: Failures = []
    var fields: HTTPFields = [:]
    /// The key of an explanation for a page, if the status alone says too little.
    var explanation: String?

    static let unauthorized = HTTPError(status: .unauthorized, message: "Unauthorized")
    static let forbidden = HTTPError(status: .forbidden, message: "Forbidden")
    /// The user has already decided, or decided too late.
    static let answered = HTTPError(status: .forbidden, message: "Forbidden", explanation: "answered")
    static let notFound = HTTPError(status: .notFound, message: "Not Found")
    static let payloadTooLarge = HTTPError(status: .contentTooLarge, message: "Payload Too Large")
    /// The body has a type that no route reads, or is compressed.
    ///
    /// The header fields name the types that are read (RFC 9110 §15.5.16).
    static let unsupportedMediaType = HTTPError(
        status: .unsupportedMediaType,
        message:
            "Unsupported Media Type: send application/json, application/x-www-form-urlencoded or multipart/form-data, uncompressed.",
        fields: [
            .accept: "application/json, application/x-www-form-urlencoded, multipart/form-data",
            .acceptEncoding: "identity",
        ])
    static let notJSON = HTTPError.badRequest("The body is not a JSON object, or has more than \(Form.limit) values.")
    static let tooManyParameters = HTTPError.badRequest("There are more than \(Form.limit) parameters.")
    static let csrfTokenMismatch = HTTPError(
        status: .init(code: 419, reasonPhrase: "Page Expired"), message: "CSRF token mismatch.")
    /// A form came without any cookie of this server, so the browser keeps no cookies.
    static let noCookie = HTTPError(
        status: csrfTokenMismatch.status, message: csrfTokenMismatch.message, explanation: "noCookie")
    static let serverError = HTTPError(status: .internalServerError, message: "Whoops, looks like something went wrong")

    static func badRequest(_ message: String) -> HTTPError {
        HTTPError(status: .badRequest, message: message)
    }

    static func methodNotAllowed(_ allowed: [String]) -> HTTPError {
        HTTPError(
            status: .methodNotAllowed, message: "Method Not Allowed", fields: [.allow: allowed.joined(separator: ", ")])
    }

    static func unprocessable(_ errors: Failures) -> HTTPError {
        HTTPError(status: .unprocessableContent, message: "The given data was invalid.", errors: errors)
    }

    /// Returns 422 for a name or an email that a column of an application's own table cannot store.
    ///
    /// Returns `nil` for any other error.
    static func unfit(_ error: any Error) -> HTTPError? {
        guard let column = (error as? DatabaseError)?.unfitColumn, ["name", "email"].contains(column) else {
            return nil
        }
        return .unprocessable([(column, [.unfit])])
    }

    static func tooManyAttempts(retryAfter seconds: Int) -> HTTPError {
        HTTPError(
            status: .tooManyRequests, message: "Too Many Attempts.", fields: [.retryAfter: String(max(seconds, 1))])
    }

    static func tooManyAttempts(until end: Timestamp, now: Timestamp) -> HTTPError {
        tooManyAttempts(retryAfter: Int(end.seconds - now.seconds))
    }

    static func unavailable(retryAfter seconds: Int) -> HTTPError {
        HTTPError(status: .serviceUnavailable, message: "Service Unavailable", fields: [.retryAfter: String(seconds)])
    }

    /// Returns 401 for a bearer token that is missing or invalid (RFC 6750 §3).
    ///
    /// For a missing token, the response names no `error`.
    static func bearer(_ error: String?) -> HTTPError {
        var refusal = unauthorized
        refusal.fields[.wwwAuthenticate] = error.map { "Bearer error=\"\($0)\"" } ?? "Bearer"
        return refusal
    }

    /// Returns 403 for a valid bearer token that may not do this (RFC 6750 §3.1).
    ///
    /// The response names the required scopes if the token lacks scopes.
    static func insufficientScope(_ scopes: [String] = []) -> HTTPError {
        var challenge = #"Bearer error="insufficient_scope""#
        if !scopes.isEmpty { challenge += ", scope=\"\(scopes.joined(separator: " "))\"" }
        return HTTPError(status: .forbidden, message: "Forbidden", fields: [.wwwAuthenticate: challenge])
    }
}

extension HTTPError {
    /// Creates the error for a query or a body that cannot be read.
    init(_ error: ParametersError) {
        self =
            switch error {
            case .tooMany: .tooManyParameters
            case .notJSON: .notJSON
            case .notMultipart:
                .badRequest("The body is not multipart/form-data, or has more than \(Form.limit) parts.")
            case .unsupportedMediaType: .unsupportedMediaType
            }
    }
}
