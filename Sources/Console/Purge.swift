import ArgumentParser
import AuthorizationServer
import Foundation
import MariaDB
import Storage

struct Purge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete what has expired and can never be used again.",
        discussion: """
            Deletes a thousand rows at a time at most, and makes way for others: it rests as long as it worked, and takes less at a time while the database is slow. It may be
            interrupted and run again; meant for a daily timer.
            """)

    @Flag(help: "Only count; delete nothing.")
    var dryRun = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        let settings = try source.settings()
        let purge = PurgeRepository(Connection(to: settings.database))
        let now = currentTime()
        for kind in try purge.kinds(auditRetention: settings.auditRetention, now: now) {
            if dryRun {
                print("\(kind.name): \(try purge.count(kind, now: now)) to delete")
            } else {
                print("\(kind.name): \(try delete(kind, by: purge, now)) deleted")
            }
        }
    }

    private func delete(_ kind: PurgeRepository.Kind, by purge: PurgeRepository, _ now: Timestamp) throws -> Int {
        var progress = ProgressBar(kind.name, of: ProgressBar.isShown ? (try? purge.count(kind, now: now)) ?? 0 : 0)
        defer { progress.clear() }
        var (deleted, batch) = (0, PurgeRepository.largestBatch)
        while true {
            let start = ContinuousClock.now
            do {
                let count = try purge.deleteBatch(kind, of: batch, now: now)
                guard count > 0 else { return deleted }
                deleted += count
                progress.show(deleted)
                let isSlow = start.duration(to: .now) > .milliseconds(100)
                batch =
                    isSlow
                    ? max(batch / 2, PurgeRepository.smallestBatch) : min(batch * 2, PurgeRepository.largestBatch)
            } catch {
                // After a deadlock, or a batch that took too long, others come first. If the
                // smallest batch fails too, its size is not the cause.
                guard error.isTemporary, batch > PurgeRepository.smallestBatch else { throw error }
                batch = PurgeRepository.smallestBatch
            }
            let duration = start.duration(to: .now)
            Thread.sleep(forTimeInterval: max(duration / .seconds(1), 0.01))
        }
    }
}
