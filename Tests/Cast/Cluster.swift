import DevelopmentStack
import Foundation

/// A MariaDB Galera cluster of three nodes on this machine.
package final class Cluster: Sendable {
    package let nodes: [PrivateMariaDB]
    /// The addresses of the nodes, as `DB_HOST` lists them.
    package let hosts: [String]

    /// The cluster that every stack uses if `GALERA` is set, as `make test-galera` does.
    package static let shared: Cluster? = {
        guard ProcessInfo.processInfo.environment["GALERA"] != nil else { return nil }
        do {
            return try Cluster(in: Folder.root.appending(path: "galera"))
        } catch {
            fatalError("the cluster does not start: \(error)")
        }
    }()

    /// Starts the nodes, one after the other.
    package init(in folder: URL) throws {
        let doors = (0..<3).map { _ in
            (sql: LocalPort.free(), group: LocalPort.free(), state: LocalPort.free(), transfer: LocalPort.free())
        }
        let group = doors.map { "127.0.0.1:\($0.group)" }.joined(separator: ",")
        let folders = (0..<3).map { folder.appending(path: "\($0)") }
        // As root, the rsync daemon drops its privileges and transfers nothing.
        let user = NSUserName() == "root" ? "mysql" : NSUserName()
        nodes = zip(doors, folders).enumerated().map { index, node in
            let (door, folder) = node
            return PrivateMariaDB(
                in: folder, port: door.sql,
                options: [
                    "--wsrep-on=ON", "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
                    "--wsrep-cluster-name=consulate-\(doors[0].group)",
                    "--wsrep-cluster-address=gcomm://\(group)", "--wsrep-node-address=127.0.0.1",
                    "--wsrep-node-name=node\(index)",
                    "--wsrep-node-incoming-address=127.0.0.1:\(door.sql)", "--wsrep-sst-method=rsync",
                    "--wsrep-sst-receive-address=127.0.0.1:\(door.transfer)", "--binlog-format=ROW",
                    "--innodb-autoinc-lock-mode=2",
                    "--innodb-flush-log-at-trx-commit=2", "--wsrep-slave-threads=2",
                    "--wsrep-provider-options=base_port=\(door.group);gmcast.listen_addr=tcp://127.0.0.1:\(door.group);"
                        + "ist.recv_addr=127.0.0.1:\(door.state);gcache.size=64M;evs.keepalive_period=PT0.5S;evs.suspect_timeout=PT2S;"
                        + "evs.inactive_timeout=PT4S;evs.inactive_check_period=PT0.5S",
                ], user: user, isJoining: index > 0)
        }
        hosts = doors.map { "127.0.0.1:\($0.sql)" }
        for folder in folders { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        try nodes[0].start(["--wsrep-new-cluster"])
        try nodes[0].query("CREATE USER consulate@'%' IDENTIFIED BY 'a password'; GRANT ALL ON *.* TO consulate@'%'")
        for node in nodes.dropFirst() { try node.start() }
        for node in nodes { Folder.register(node) }
    }

    /// Returns the state of the cluster as one node reports it, for example `3 Primary Synced`.
    package func state(_ index: Int) -> String {
        let names = "'wsrep_cluster_size', 'wsrep_cluster_status', 'wsrep_local_state_comment'"
        let sql =
            "SELECT GROUP_CONCAT(variable_value ORDER BY variable_name SEPARATOR ' ') FROM information_schema.global_status WHERE variable_name IN (\(names))"
        return ((try? nodes[index].query(sql)) ?? "away").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Waits until every node is part of the cluster, for at most one minute.
    package func waitForAll() -> Bool {
        for _ in 0..<600 {
            if (0..<3).allSatisfy({ state($0) == "3 Primary Synced" }) { return true }
            usleep(100_000)
        }
        return false
    }
}
