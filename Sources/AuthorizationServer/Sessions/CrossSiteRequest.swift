import Cryptography
import HTTP
import HTTPTypes

/// Keeps other sites from using a browser's cookies: an unsafe request must show a token that only our pages know.
enum CrossSiteRequest {
    /// Throws 419 unless header or form carry the token of the request's cookie.
    static func check(_ call: Call) throws(HTTPError) {
        guard let token = try call.cookies.isEmpty ? nil : token(call),
            call.cookies.contains(where: { $0.accepts(csrfToken: token, call.application) })
        else {
            throw call.cookie == nil ? .noCookie : .csrfTokenMismatch
        }
    }

    private static func token(_ call: Call) throws(HTTPError) -> String? {
        let fields = call.request.fields
        if let header = fields[.csrfToken] ?? fields[.xsrfToken] { return header }
        return try call.body["_token"]?.text
    }
}
