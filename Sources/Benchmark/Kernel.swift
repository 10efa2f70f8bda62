import Foundation

/// The kernel's figures about a process.
enum Kernel {
    /// Returns the processor seconds that some processes have used so far.
    static func processorSeconds(of processes: [Int32]) -> Double {
        let ticks = processes.map { process -> Double in
            guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else {
                return 0
            }
            // The state follows the name and is field 3. Fields 14 and 15 are user and system time
            // (proc_pid_stat(5)).
            let fields = text[text.index(end, offsetBy: 2)...].split(separator: " ")
            return (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
        }
        return ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Returns the resident memory of a process in megabytes.
    static func residentMegabytes(of process: Int32) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }
}
