import Cryptography
import MariaDB

/// Checks an email and a password.
enum SignIn {
    /// The user, or `nil` for a wrong pair, after the same time and in the same way whether the user exists; throws 429 and 503.
    static func authenticate(_ call: Call, email: String, password: String) throws -> User? {
        let throttle = SignInThrottle(call, email: email)
        try throttle.admit()
        let user = try call.users.find(email: email)
        guard try call.application.hashing.verify(password, against: user?.password), let user else { return nil }
        try throttle.forget()
        if call.application.hashing.needsRehash(user.password), password.utf8.count <= 72 {
            try call.users.update(user.id, password: call.application.hashing.hash(password), now: call.now)
        }
        return user
    }
}
