import AuthorizationServer
import Cryptography
import Foundation
import MariaDB
import OAuth
import Storage

/// The checks of `doctor --laravel`.
///
/// They show whether Consulate and a Laravel Passport beside it accept each other's tokens.
struct LaravelExamination {
    private let folder: URL
    private let settings: Settings
    private let source: SettingsSource
    private let laravel: LaravelApplication
    private let own: [String: String]

    init(_ folder: String, _ settings: Settings, _ source: SettingsSource) throws {
        self.folder = URL(filePath: folder)
        self.settings = settings
        self.source = source
        laravel = try LaravelApplication(in: self.folder, environment: ProcessInfo.processInfo.environment)
        own = try laravel.values()
    }

    var findings: [Doctor.Finding] {
        [applicationKey, signingKey, profile, timeZone] + database
    }

    /// Without this key, Consulate cannot read values that Passport encrypted.
    private var applicationKey: Doctor.Finding {
        guard settings.appKey == own["APP_KEY"] else {
            return .init(
                subject: "Laravel's APP_KEY",
                problem: "Consulate has another, so it cannot read Passport's refresh tokens",
                remedy: "sed -i '/^APP_KEY=/d' \(source.file)")
        }
        return .init(subject: "Laravel's APP_KEY")
    }

    /// Passport verifies tokens with only one key: its own.
    private var signingKey: Doctor.Finding {
        let file = folder.appending(path: "storage/oauth-public.key").path()
        let text =
            own["PASSPORT_PUBLIC_KEY"].map(KeyFiles.lines)
            ?? FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
        do {
            let theirs = try KeySet.blocks(of: text ?? "").first.map { try VerificationKey(pem: $0).id }
            guard let theirs else {
                return .init(
                    subject: "Laravel's keys", problem: "\(file) is not there", remedy: "php artisan passport:keys")
            }
            guard try KeyFiles(settings, for: .passport).currentPublicKey()?.id == theirs else {
                return .init(
                    subject: "Laravel's keys",
                    problem: "Consulate signs with another key, so Passport refuses what it issues",
                    remedy: "sed -i '/^KEYS_PATH=/d' \(source.file)")
            }
            return .init(subject: "Laravel's keys")
        } catch {
            return .init(subject: "Laravel's keys", problem: "\(error)", remedy: "php artisan passport:keys --force")
        }
    }

    private var profile: Doctor.Finding {
        guard settings.tokenProfile == .passport else {
            return .init(
                subject: "TOKEN_PROFILE",
                problem: "Passport refuses tokens of the profile \(settings.tokenProfile.rawValue)",
                remedy: "sed -i '/^TOKEN_PROFILE=/d' \(source.file)")
        }
        return .init(subject: "TOKEN_PROFILE")
    }

    private var timeZone: Doctor.Finding {
        do {
            try laravel.checkTimeZone()
            return .init(subject: "Laravel's time zone")
        } catch {
            return .init(
                subject: "Laravel's time zone", problem: "\(error)",
                remedy: "$EDITOR \(folder.appending(path: "config/app.php").path())")
        }
    }

    private var database: [Doctor.Finding] {
        let connection = Connection(to: settings.database)
        do {
            let tables = try PassportTables(on: connection)
            guard let known = try Adoption(connection).passport() else {
                return [
                    .init(
                        subject: "Passport's tables", problem: "Consulate has not moved in",
                        remedy: "consulate adopt \(source.options)")
                ]
            }
            guard known == tables.passport else {
                return [
                    .init(
                        subject: "Passport's tables",
                        problem: "they are those of Passport \(tables.passport) now, and were of \(known)",
                        remedy: "consulate adopt \(source.options)")
                ]
            }
            return [.init(subject: "Passport's tables")]
                + (try AdoptionExamination(settings, source, tables, on: connection).findings())
        } catch {
            return [
                .init(
                    subject: "Passport's tables", problem: "\(error)",
                    remedy: error is DatabaseError ? "systemctl start mariadb" : "php artisan migrate")
            ]
        }
    }
}
