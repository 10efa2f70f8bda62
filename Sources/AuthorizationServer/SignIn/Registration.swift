import Cryptography
import HTTP
import MariaDB
import OAuth
import Storage

/// The creation of an account.
enum Registration {
    /// Throws 404 if registration is off, as if its pages did not exist.
    static func checkSwitch(_ call: Call) throws(HTTPError) {
        guard call.settings.allowsRegistration else { throw .notFound }
    }

    /// Creates the user that the fields describe.
    ///
    /// Throws 403 if registration is off. Also throws 422 and 429.
    static func register(_ call: Call, _ parameters: Parameters) throws -> User {
        guard call.settings.allowsRegistration else { throw HTTPError.forbidden }
        var validation = Validation(parameters)
        let name = validation.name(.userName)
        let email = validation.email(.newEmail)
        let password = validation.newPassword(.newPassword, knowing: [name, email, call.settings.appName])
        try validation.finish()
        let key = "register:\(call.request.network)"
        let (count, expiresAt) = try call.cache.increment(
            key, tags: CacheRepository.throttles, window: 60, now: call.now)
        guard count <= call.settings.registrationLimit else {
            throw HTTPError.tooManyAttempts(until: expiresAt, now: call.now)
        }
        if try call.users.find(email: email) != nil { throw taken }
        do {
            let hash = try call.application.hashing.hash(password)
            return try call.change(.userCreated) { change in
                try call.users.create(name: name, email: email, password: hash, in: change)
            }
        } catch let error as DatabaseError where error.isDuplicateKey {
            throw taken
        } catch  where !(error is HTTPError) {
            // No user was created, and the answer is 503.
            try? call.cache.decrement(key, tags: CacheRepository.throttles, now: call.now)
            throw error
        }
    }

    private static let taken = HTTPError.unprocessable([("email", [.taken])])
}
