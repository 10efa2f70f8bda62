import HTTP
import HTTPTypes
import Storage

/// The health check, which tells whether the server can work.
enum HealthController {
    /// `GET /up`: returns 200 if the database answers, and 503 otherwise.
    static func show(_ call: Call) throws -> Response {
        try call.users.ping()
        return .json(["status": "ok"], fields: [.cacheControl: "no-store"])
    }
}
