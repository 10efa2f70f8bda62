import Cryptography
import HTTP
import HTTPTypes
import OAuth

/// The protection of a browser's cookies against use by other sites.
///
/// An unsafe request must carry a token that only this server's pages know.
enum CrossSiteRequest {
    /// Throws 419 unless the header or the form has the token of the request's cookie.
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
