import HTTP
import HTTPTypes
import MariaDB
import OAuth
import Storage

/// The accounts of users.
enum UserController {
    /// `POST /api/users`: creates an account.
    static func store(_ call: Call) throws -> Response {
        let user = try Registration.register(call, try call.body)
        return .json(user.json(forThemselves: true), status: .created)
    }

    /// `GET /api/users`: finds a user by the name in the query or in the body.
    static func show(_ call: Call) throws -> Response {
        let query = try call.query
        var validation = Validation(query.contains("name") ? query : try call.body)
        let name = validation.text(.userToFind)
        try validation.finish()
        let caller = try call.user()
        guard let user = name.utf8.elementsEqual(caller.name.utf8) ? caller : try call.users.find(name: name) else {
            throw HTTPError.notFound
        }
        return .json(user.json(forThemselves: user.id == caller.id))
    }
}
