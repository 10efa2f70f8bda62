import HTTP
import Storage

/// The applications that a user has authorized.
enum AuthorizedApplicationController {
    /// `DELETE /account/applications/{client_id}`: revokes everything that the user gave to the
    /// application, on every device.
    static func destroy(_ call: Call) throws -> Response {
        let id = Client.ID(call.path["client_id"] ?? "")
        guard let client = try call.clients.find(id), client.internal == nil,
            try AuthorizedApplicationRepository(call.database).revoke(client.id, of: call.user().id, now: call.now)
        else { throw HTTPError.notFound }
        try call.record(.withdrawn, user: call.user().id, client: client.id)
        return Page.done(.application, call)
    }
}
