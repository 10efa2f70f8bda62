import ArgumentParser
import AuthorizationServer
import Cryptography
import DevelopmentStack
import FastCGI
import Foundation
import MariaDB
import Storage

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for problems, and name the command that mends each of them.",
        discussion:
            "Prints a line for each thing that it looks at. Below a problem is the command that mends it. Exits with 1 if there is a problem."
    )

    @OptionGroup var source: SettingsSource

    @Option(
        help: ArgumentHelp(
            "The nginx configuration to test. The default is the installed configuration.", valueName: "file"))
    var nginx: String?

    /// The result of one check.
    struct Finding {
        let subject: String
        var problem: String?
        /// A fact that is no problem, but that the operator should know.
        var note: String?
        var remedy: String?
        /// `false` if the user who asks may not look there.
        var isCertain = true
    }

    func run() throws {
        var findings: [Finding] = []
        do {
            let settings = try source.settings()
            findings.append(Finding(subject: "settings"))
            findings +=
                [applicationKey(settings)] + keyFiles(settings) + database(settings) + socket(settings) + [backlog()]
            if let folder = source.laravel { findings += try LaravelExamination(folder, settings, source).findings }
        } catch {
            findings.append(Finding(subject: "settings", problem: "\(error)", remedy: "consulate settings"))
        }
        findings.append(nginxConfiguration())
        for finding in findings {
            let verdict = finding.isCertain ? "problem" : "unknown"
            let note = finding.note.map { ": \($0)" } ?? ""
            print(
                finding.problem.map { "\(verdict)  \(finding.subject): \($0)" } ?? "ok       \(finding.subject)\(note)")
            if let remedy = finding.remedy {
                print("         \(finding.isCertain ? "mend it" : "find out") with: \(remedy)")
            }
        }
        let problems = findings.filter { $0.problem != nil && $0.isCertain }.count
        if problems > 0 {
            throw ConsoleError(problems == 1 ? "There is 1 problem." : "There are \(problems) problems.")
        }
    }

    private func applicationKey(_ settings: Settings) -> Finding {
        if settings.appKey.isEmpty {
            return Finding(subject: "APP_KEY", problem: "it is not set", remedy: "consulate install \(source.options)")
        }
        guard ApplicationKey(settings.appKey) != nil else {
            return Finding(
                subject: "APP_KEY", problem: "it is not `base64:` and 32 bytes, or 32 characters",
                remedy: "echo \"APP_KEY=base64:$(openssl rand -base64 32)\" >> \(source.file)")
        }
        guard ApplicationKey(settings.appKey, previous: settings.previousAppKeys) != nil else {
            return Finding(
                subject: "APP_PREVIOUS_KEYS", problem: "one of them is not `base64:` and 32 bytes, or 32 characters",
                remedy: "$EDITOR \(source.file)"
            )
        }
        return Finding(subject: "APP_KEY")
    }

    private func keyFiles(_ settings: Settings) -> [Finding] {
        let keys = KeyFiles(settings, for: settings.tokenProfile.key)
        if let setting = keys.settingThatSigns {
            do {
                _ = try KeyFiles.load(settings)
                return [Finding(subject: setting)]
            } catch {
                return [
                    Finding(
                        subject: setting, problem: "\(error)", remedy: "consulate keys \(source.options)"
                    )
                ]
            }
        }
        let path = keys.fileThatSigns.path()
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            return [Finding(subject: path, problem: "it does not exist", remedy: "consulate keys \(source.options)")]
        }
        // A group may read Laravel's key. PHP and the user who deploys Laravel are both in this
        // group.
        if let mode = attributes[.posixPermissions] as? Int, mode & (source.laravel == nil ? 0o077 : 0o007) != 0 {
            let remedy = "chmod \(source.laravel == nil ? "600" : "o=") \(path)"
            return [
                Finding(subject: path, problem: "others may read it (mode \(String(mode, radix: 8)))", remedy: remedy)
            ]
        }
        do {
            _ = try KeyFiles.load(settings)
            return [Finding(subject: path)]
        } catch {
            let isReadable = FileManager.default.isReadableFile(atPath: path)
            return [
                Finding(
                    subject: path, problem: "\(error)",
                    remedy: isReadable ? "consulate keys --force \(source.options)" : "chown \(NSUserName()) \(path)")
            ]
        }
    }

    private func database(_ settings: Settings) -> [Finding] {
        let server = settings.database
        do {
            if try Adoption(source.connection()).isHalfUndone() {
                let remedy = "consulate adopt --undo \(source.options)"
                return [
                    Finding(subject: "database"),
                    Finding(subject: "schema", problem: "`adopt --undo` has begun and is not finished", remedy: remedy),
                ]
            }
            let migrator = Migrate.migrator(settings)
            let (pending, unknown) = try (migrator.pending(), migrator.unknown())
            if !pending.isEmpty {
                let command = try Adoption(source.connection()).isDue() ? "adopt" : "migrate"
                return [
                    Finding(subject: "database"),
                    Finding(
                        subject: "schema", problem: "\(pending.count) migrations are missing",
                        remedy: "consulate \(command) \(source.options)"),
                ]
            }
            if let newest = unknown.last {
                return [
                    Finding(subject: "database"),
                    Finding(
                        subject: "schema", problem: "it has \(newest), which this program does not know",
                        remedy: "install a newer consulate"),
                ]
            }
            return [
                Finding(subject: "database"), Finding(subject: "schema"), statements(settings), try redirects(settings),
                try emails(settings),
            ]
        } catch {
            let isUnknown = (error as? DatabaseError)?.code == 1049
            let isZone = (error as? DatabaseError)?.code == 1298
            let isRefused = (error as? DatabaseError)?.code == 1045
            // The database's user must be the system's user (`IDENTIFIED VIA unix_socket`), but
            // another user asks.
            let isSomebodyElse = (error as? DatabaseError)?.code == 1698
            let remedy =
                if isUnknown {
                    "mariadb -e 'CREATE DATABASE \(server.database)'"
                } else if isZone {
                    "$EDITOR \(source.file)"
                } else if isRefused {
                    "mariadb -e \"GRANT ALL ON \(server.database).* TO '\(server.username)'@'localhost' IDENTIFIED BY '…'\""
                } else if isSomebodyElse {
                    "runuser -u \(server.username) -- consulate doctor \(source.options)"
                } else {
                    "systemctl start mariadb"
                }
            return [Finding(subject: "database", problem: "\(error)", remedy: remedy)]
        }
    }

    /// Checks statements that an application's tables, or the rights of the database's user, may
    /// not allow.
    private func statements(_ settings: Settings) -> Finding {
        do {
            try HotStatements(source.connection()).rehearse(now: currentTime())
            return Finding(subject: "statements")
        } catch {
            return Finding(
                subject: "statements", problem: "\(error)",
                remedy: "mariadb-check --databases \(settings.database.database)")
        }
    }

    /// Checks for redirect URIs that could not be registered today.
    ///
    /// Existing rows continue to work, but the operator should know these URIs.
    private func redirects(_ settings: Settings) throws -> Finding {
        let clients = try ClientRepository(Connection(to: settings.database)).all().filter { !$0.isRevoked }
        for client in clients {
            let uris = client.redirect.split(separator: ",").map(String.init)
            for uri in uris where Client.problem(ofRedirectURIs: [uri], allowing: settings.redirectSchemes) != nil {
                return Finding(
                    subject: "redirect URIs",
                    problem: "client \(client.id.rawValue) has \(uri), which could not be registered today",
                    remedy: "consulate client revoke \(client.id.rawValue) \(source.options)")
            }
        }
        return Finding(subject: "redirect URIs")
    }

    /// Checks for users without a normal form of their email address.
    ///
    /// Two old rows may have addresses that are equal by today's rule. This rule gives the younger
    /// user no additional way to sign in.
    private func emails(_ settings: Settings) throws -> Finding {
        guard let first = try UserRepository(Connection(to: settings.database)).withoutNormalForm().first else {
            return Finding(subject: "emails")
        }
        return Finding(
            subject: "emails",
            problem: "user \(first) has no normal form of the address yet, or another user has the same",
            remedy: "consulate migrate \(source.options)")
    }

    private func socket(_ settings: Settings) -> [Finding] {
        guard settings.listen.hasPrefix("unix:") else { return [Finding(subject: "LISTEN")] }
        let path = String(settings.listen.dropFirst(5))
        let folder = URL(filePath: path).deletingLastPathComponent().path()
        guard FileManager.default.fileExists(atPath: folder) else {
            return [
                Finding(
                    subject: "socket", problem: "its folder \(folder) does not exist",
                    remedy: "install -d -m 750 -g www-data \(folder)")
            ]
        }
        guard Listener.isAnswering(unixPath: path) else {
            return [
                Finding(
                    subject: "socket", problem: "nobody listens at \(path)", remedy: "consulate serve \(source.options)"
                )
            ]
        }
        return SocketExamination(path).findings
    }

    private func backlog() -> Finding {
        let text =
            FileManager.default.contents(atPath: "/proc/sys/net/core/somaxconn").map {
                String(decoding: $0, as: UTF8.self)
            } ?? ""
        guard let limit = Int(text.filter(\.isNumber)), limit < Listener.backlog else {
            return Finding(subject: "somaxconn")
        }
        return Finding(
            subject: "somaxconn", problem: "\(limit) clamps the backlog of \(Listener.backlog)",
            remedy: "sysctl -w net.core.somaxconn=\(Listener.backlog)")
    }

    private func nginxConfiguration() -> Finding {
        let own = nginx.map { URL(filePath: $0).absoluteURL }
        let place = own.map { ["-c", $0.path(), "-p", $0.deletingLastPathComponent().path()] } ?? []
        do {
            let result = try ChildProcess.output("nginx", ["-T", "-q", "-e", "stderr"] + place)
            if result.status == 0 { return oldConfiguration(in: result.output) ?? Finding(subject: "nginx") }
            let lines = result.error.split(whereSeparator: \.isNewline).map(String.init)
            let reason = lines.first { $0.contains("[emerg]") } ?? lines.first ?? "its configuration cannot be used"
            let test = (["nginx", "-t"] + place).joined(separator: " ")
            guard reason.contains("Permission denied") else {
                return Finding(subject: "nginx", problem: reason, remedy: test)
            }
            return Finding(
                subject: "nginx", problem: "\(NSUserName()) may not test its configuration", remedy: "sudo \(test)",
                isCertain: false)
        } catch {
            return Finding(subject: "nginx", problem: "it is not installed", remedy: "apt-get install nginx")
        }
    }

    /// Returns a finding about the first copied file that is older than the file of this program.
    ///
    /// `configuration` is the output of `nginx -T`: each file after a line with its path.
    private func oldConfiguration(in configuration: String) -> Finding? {
        for part in configuration.split(separator: "# configuration file ").dropFirst() {
            let (path, rest) = (part.prefix { $0 != ":" }, part.drop { $0 != "\n" }.dropFirst())
            guard path.contains("/consulate/"), let name = path.split(separator: "/").last.map(String.init),
                let ours = PrivateNginx.files[name], case let version = PrivateNginx.version(of: rest),
                version < PrivateNginx.version(of: ours)
            else { continue }
            return Finding(
                subject: "nginx",
                problem: "\(path) is of version \(version), and this program needs \(PrivateNginx.version(of: ours))",
                remedy: "cp nginx/\(name) \(path) && nginx -s reload")
        }
        return nil
    }
}
