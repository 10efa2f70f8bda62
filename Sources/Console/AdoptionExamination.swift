import AuthorizationServer
import MariaDB
import OAuth
import Storage

/// The differences from Laravel that exist, or would exist, on the tables of its Passport.
///
/// `adopt` reports them, and `doctor` examines them again.
struct AdoptionExamination {
    private let settings: Settings
    private let source: SettingsSource
    private let database: Connection
    private let adoption: Adoption
    private let tables: PassportTables

    init(_ settings: Settings, _ source: SettingsSource, _ tables: PassportTables, on database: Connection) {
        self.settings = settings
        self.source = source
        self.database = database
        self.adoption = Adoption(database)
        self.tables = tables
    }

    /// Returns one finding for each examined subject.
    func findings() throws -> [Doctor.Finding] {
        [
            try scopes(), registration(), try owners(), try providers(), try users(), try secondFactors(), try emails(),
            try timeZone(),
        ]
    }

    private func secondFactors() throws -> Doctor.Finding {
        let count = try SecondFactorRepository(database).count()
        return .init(
            subject: "second factors",
            note: count == 0
                ? nil
                : "\(count) of the users have one (Laravel Fortify), which cannot be asked for here, so these users cannot sign in here"
        )
    }

    private func timeZone() throws -> Doctor.Finding {
        let zone = try settings.database.timeZone ?? adoption.timeZone()
        guard !LaravelApplication.isUTC(zone) else { return .init(subject: "time zone") }
        return .init(
            subject: "time zone",
            note:
                "times are read and written in \(zone), as Laravel does; neither can write a time of the hour that a change to summer time leaves out"
        )
    }

    private func emails() throws -> Doctor.Finding {
        let equal = try adoption.equalEmails()
        let notes = [
            equal.accents ? "josé@ and jose@ are one account" : nil,
            equal.cases ? nil : "Ada@ and ada@ are two accounts",
        ].compactMap(\.self)
        return .init(
            subject: "emails",
            note: notes.isEmpty ? nil : "Laravel's own table compares them, so \(notes.joined(separator: ", and "))")
    }

    private func scopes() throws -> Doctor.Finding {
        let missing = try adoption.grantedScopes(now: currentTime()).filter { !settings.scopes.contains($0) }
        guard !missing.isEmpty else { return .init(subject: "SCOPES") }
        return .init(
            subject: "SCOPES",
            problem: "live tokens have \(missing.joined(separator: ", ")), which no client could request here",
            remedy: "$EDITOR \(source.file)")
    }

    private func registration() -> Doctor.Finding {
        guard settings.allowsRegistration, !tables.unknownToRegistration.isEmpty else {
            return .init(subject: "REGISTRATION")
        }
        return .init(
            subject: "REGISTRATION",
            problem:
                "users has \(tables.unknownToRegistration.joined(separator: ", ")), which the registration here does not ask for",
            remedy: "echo REGISTRATION=false >> \(source.file)")
    }

    private func users() throws -> Doctor.Finding {
        let (password, email, name) = try adoption.incompleteUsers()
        let notes = [
            password == 0 ? nil : "\(password) without a password cannot sign in here by one",
            email == 0 ? nil : "\(email) without an email cannot sign in here by password",
            name == 0 ? nil : "\(name) without a name are shown with their email or id",
        ].compactMap(\.self)
        return .init(subject: "users", note: notes.isEmpty ? nil : notes.joined(separator: "; "))
    }

    private func owners() throws -> Doctor.Finding {
        let foreign = try adoption.foreignOwners(tables)
        guard !foreign.isEmpty else { return .init(subject: "owners of clients") }
        return .init(
            subject: "owners of clients",
            problem: "\(foreign.joined(separator: ", ")) are not users, so nobody can manage their clients here",
            remedy: "php artisan tinker", isCertain: false)
    }

    private func providers() throws -> Doctor.Finding {
        let foreign = try adoption.foreignProviders(tables)
        guard !foreign.isEmpty else { return .init(subject: "providers of clients") }
        return .init(
            subject: "providers of clients",
            problem:
                "clients of \(foreign.joined(separator: ", ")) are unknown here: they need addresses that stay Laravel's",
            remedy: "php artisan tinker", isCertain: false)
    }
}
