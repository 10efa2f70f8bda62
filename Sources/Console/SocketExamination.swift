import Foundation

/// The checks of `doctor` for the processes that may connect to the responder's socket.
///
/// A process that may connect can forge any request, so only nginx may connect.
struct SocketExamination {
    private let path: String
    private let processes: [RunningProcess]

    init(_ path: String, processes: [RunningProcess] = RunningProcess.all()) {
        self.path = path
        self.processes = processes
    }

    var findings: [Doctor.Finding] { [access, sharing] }

    /// The check of the socket's mode, and of the access of nginx's workers.
    private var access: Doctor.Finding {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let mode = attributes[.posixPermissions] as? Int,
            let owner = attributes[.ownerAccountID] as? Int, let group = attributes[.groupOwnerAccountID] as? Int
        else {
            return .init(
                subject: "socket", problem: "\(NSUserName()) may not look at it", remedy: "sudo consulate doctor",
                isCertain: false)
        }
        guard mode & 0o007 == 0 || isClosedFolder else {
            return .init(
                subject: "socket",
                problem: "every local user can connect (mode \(String(mode, radix: 8))) and forge requests",
                remedy: "chmod 660 \(path)")
        }
        guard let worker = workers.first else { return .init(subject: "socket") }
        let mayConnect =
            worker.user == 0 || worker.user == owner && mode & 0o200 != 0
            || worker.groups.contains(group) && mode & 0o020 != 0
            || mode & 0o002 != 0
        guard mayConnect else {
            return .init(
                subject: "socket",
                problem:
                    "nginx's workers (user \(worker.user)) may not connect: they are not in the socket's group \(group)",
                remedy: "systemctl edit consulate  # [Service] Group=www-data")
        }
        return .init(subject: "socket")
    }

    /// Whether only the user and the group of the socket's folder may enter the folder.
    private var isClosedFolder: Bool {
        let folder = URL(filePath: path).deletingLastPathComponent().path()
        let mode = (try? FileManager.default.attributesOfItem(atPath: folder))?[.posixPermissions] as? Int
        return mode.map { $0 & 0o001 == 0 } ?? false
    }

    /// The check for another service that runs as nginx's user, because it can connect like nginx.
    private var sharing: Doctor.Finding {
        guard let worker = workers.first(where: { $0.user != 0 }),
            let other = processes.first(where: { $0.user == worker.user && !$0.name.hasPrefix("nginx") })
        else { return .init(subject: "nginx's user") }
        return .init(
            subject: "nginx's user",
            problem:
                "\(other.name) (process \(other.id)) runs as nginx's user too, so it can connect to the socket and forge requests",
            remedy: other.name.hasPrefix("php-fpm")
                ? "useradd --system shop  # and in the pool's file: user = shop, group = shop, listen.group = www-data"
                : "systemctl edit NAME  # of that service: [Service] User= another user")
    }

    private var workers: [RunningProcess] {
        processes.filter { $0.name.hasPrefix("nginx") && $0.user != 0 }
            + processes.filter { $0.name.hasPrefix("nginx") && $0.user == 0 }
    }
}

/// A process of this machine, as `/proc/*/status` describes it.
struct RunningProcess {
    let id: Int
    let name: String
    let user: Int
    let groups: [Int]

    init(id: Int, name: String, user: Int, groups: [Int]) {
        self.id = id
        self.name = name
        self.user = user
        self.groups = groups
    }

    /// Reads the text of a `/proc/*/status`.
    init?(id: Int, status: String) {
        var fields: [Substring: [Substring]] = [:]
        for line in status.split(separator: "\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            if halves.count == 2 { fields[halves[0]] = halves[1].split(whereSeparator: { $0 == "\t" || $0 == " " }) }
        }
        // The second number is the effective user id.
        guard let name = fields["Name"]?.joined(separator: " "), let users = fields["Uid"], users.count > 1,
            let user = Int(users[1])
        else {
            return nil
        }
        let groups = [fields["Gid"]?.dropFirst().first].compactMap(\.self) + (fields["Groups"] ?? [])
        self.init(id: id, name: name, user: user, groups: groups.compactMap { Int($0) })
    }

    /// Returns all processes of this machine.
    static func all() -> [RunningProcess] {
        let ids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int($0) }
        return ids.compactMap { id in
            FileManager.default.contents(atPath: "/proc/\(id)/status").flatMap {
                RunningProcess(id: id, status: String(decoding: $0, as: UTF8.self))
            }
        }
    }
}
