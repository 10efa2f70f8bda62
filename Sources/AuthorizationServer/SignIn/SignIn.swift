import Cryptography
import HTTP
import HTTPTypes
import MariaDB
import Storage

/// The error for a correct password of an account with a second factor.
///
/// This server cannot ask for the second factor.
struct SecondFactorRequired: Error {
    static let error = HTTPError(
        status: .forbidden, message: "This account has a second factor, which cannot be asked for here.")
}

/// The check of an email and a password.
enum SignIn {
    /// Returns the user, or `nil` if the email or the password is wrong.
    ///
    /// The time and the steps are the same whether the user exists or not. Throws 429 and 503.
    static func authenticate(_ call: Call, email: String, password: String) throws -> User? {
        let throttle = SignInThrottle(call, email: email)
        let found = try call.users.find(email: email)
        try throttle.admit(found)
        let isRight: Bool
        do {
            isRight = try verify(password, against: found?.password, call)
        } catch {
            // The password was not checked, so this attempt is not a guess.
            throttle.giveBack()
            throw error
        }
        guard isRight, var user = found else {
            try throttle.fail(found)
            return nil
        }
        try throttle.forget()
        if call.application.hashing.needsRehash(user.password),
            User.normalForm(ofPassword: password).utf8.count <= User.longestPassword
        {
            let hash = try call.application.hashing.hash(User.normalForm(ofPassword: password))
            if try call.users.update(user, password: hash, now: call.now) {
                user.password = hash
            } else {
                // Another request was faster: a sign-in that also renewed the hash, or a password
                // change by the user.
                guard let current = try call.users.find(user.id), try verify(password, against: current.password, call)
                else {
                    return nil
                }
                user = current
            }
        }
        return user
    }

    /// Returns whether a password matches the stored hash, in its normal form or as it was typed.
    ///
    /// The typed form is tried second, because Laravel hashes a password as it receives it.
    private static func verify(_ password: String, against hash: PasswordHash?, _ call: Call) throws -> Bool {
        let composed = User.normalForm(ofPassword: password)
        if try call.application.hashing.verify(composed, against: hash) { return true }
        guard !composed.utf8.elementsEqual(password.utf8) else { return false }
        return try call.application.hashing.verify(password, against: hash)
    }

    /// Stores the result of a sign-in, or returns `nil` if the password changed after it was
    /// checked.
    ///
    /// So a password change ends this sign-in too. Throws `SecondFactorRequired` if Laravel would
    /// ask the account for more than a password.
    ///
    /// A lock holds on only one node of a cluster. If another node changed the password before the
    /// commit here, the stored result is undone.
    static func begin<Result>(
        _ user: User, _ call: Call, _ store: (Change) throws -> Result, undo: (Result) throws -> Void
    )
        throws -> Result?
    {
        if try SecondFactorRepository(call.database).exists(for: user.id) {
            try call.transaction { try call.record(.signInFailed, user: user.id, detail: "second factor") }
            throw SecondFactorRequired()
        }
        let begun: Result? = try call.change(.signedIn, user: user.id) { change in
            guard try call.users.lock(user.id)?.password == user.password else {
                change.event = nil
                return nil
            }
            let result = try store(change)
            try KnownNetworkRepository(call.database).store(call.request.network, of: user.id, now: call.now)
            return result
        }
        guard let begun, try call.users.find(user.id)?.password != user.password else { return begun }
        try undo(begun)
        return nil
    }
}
