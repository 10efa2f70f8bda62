import ArgumentParser
import AuthorizationServer
import Foundation
import MariaDB

struct Purge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete what has expired and can never be used again.",
        discussion: "Deletes a thousand rows at a time, so that nobody waits for it, and may be interrupted and run again; meant for a daily timer.")

    @Flag(help: "Count, and delete nothing.")
    var dryRun = false

    @OptionGroup var source: SettingsSource

    func run() throws {
        let purge = PurgeRepository(try source.connection())
        let now = currentTime()
        for kind in PurgeRepository.kinds {
            if dryRun {
                print("\(kind.table): \(try purge.count(kind, now: now)) to delete")
                continue
            }
            var deleted = 0
            while case let count = try purge.deleteBatch(kind, now: now), count > 0 {
                deleted += count
                usleep(10_000)
            }
            print("\(kind.table): \(deleted) deleted")
        }
    }
}
