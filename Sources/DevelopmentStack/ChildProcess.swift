package import Foundation

/// A program that this process starts, and ends by its id.
package final class ChildProcess: Sendable {
    private let process: Process

    /// Starts a program and writes its output to a file.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: FileHandle = .nullDevice,
        log: URL
    ) throws {
        process = Process()
        process.executableURL = try Self.find(program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = input
        if !FileManager.default.fileExists(atPath: log.path()) {
            _ = FileManager.default.createFile(atPath: log.path(), contents: nil)
        }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    /// Looks up a program, also in the folders of administrators' programs.
    private static func find(_ program: String) throws -> URL {
        if program.contains("/") { return URL(filePath: program) }
        let folders =
            (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init) + [
                "/usr/sbin", "/usr/local/sbin",
            ]
        for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(program)") {
            return URL(filePath: "\(folder)/\(program)")
        }
        throw StackError("\(program) is not installed: run .ci/install, or `make run`, which does.")
    }

    /// The process id of the program.
    package var id: Int32 { process.processIdentifier }

    /// The ids of the processes that the program has started and that have not ended.
    package var children: [Int32] {
        let text = try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
        return (text ?? "").split(separator: " ").compactMap { Int32($0) }
    }

    /// Whether the program has not ended.
    package var isRunning: Bool { process.isRunning }

    /// The exit status of the program after it has ended.
    package var status: Int32 { process.terminationStatus }

    /// Sends a signal to the program.
    package func signal(_ number: Int32) {
        if process.isRunning { kill(process.processIdentifier, number) }
    }

    /// Stops the program until SIGCONT.
    ///
    /// Returns when the last of the program's threads has stopped.
    package func freeze() {
        signal(SIGSTOP)
        var stopped = unsafe siginfo_t()
        unsafe waitid(P_PID, id_t(process.processIdentifier), &stopped, WSTOPPED)
    }

    /// Asks the program to end, and waits.
    ///
    /// Kills the program if it has not ended within `patience`.
    package func end(patience: TimeInterval = 20) {
        signal(SIGTERM)
        let deadline = Date.now + patience
        while process.isRunning, Date.now < deadline { usleep(10_000) }
        signal(SIGKILL)
        process.waitUntilExit()
    }

    /// Waits until the program ends.
    package func wait() {
        process.waitUntilExit()
    }

    /// Runs a program to its end and returns its output, or throws the output if the program fails.
    @discardableResult
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "",
        folder: URL? = nil
    ) throws -> String {
        let result = try output(program, arguments, environment: environment, input: input, folder: folder)
        guard result.status == 0 else {
            throw StackError("\(program) failed: \(result.error.isEmpty ? result.output : result.error)")
        }
        return result.output
    }

    /// Runs a program to its end.
    package static func output(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "",
        folder: URL? = nil
    ) throws -> (status: Int32, output: String, error: String) {
        let process = Process()
        process.executableURL = try find(program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.currentDirectoryURL = folder
        // Input and output are files and not pipes. Nobody has to read a file while the program
        // runs, and a program that ends without reading its input does not end this one by SIGPIPE.
        let scratch = FileManager.default.temporaryDirectory.appending(path: "consulate-\(UUID().uuidString)")
        let (inputFile, outputFile, errorFile) = (
            scratch.appendingPathExtension("in"), scratch.appendingPathExtension("out"),
            scratch.appendingPathExtension("err")
        )
        for file in [outputFile, errorFile] { _ = FileManager.default.createFile(atPath: file.path(), contents: nil) }
        defer { for file in [inputFile, outputFile, errorFile] { try? FileManager.default.removeItem(at: file) } }
        try Data(input.utf8).write(to: inputFile)
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, try String(decoding: Data(contentsOf: outputFile), as: UTF8.self),
            try String(decoding: Data(contentsOf: errorFile), as: UTF8.self)
        )
    }
}

/// The error that the stack cannot start.
package struct StackError: Error, CustomStringConvertible {
    /// The error in one sentence.
    package let description: String

    /// Creates the error from one sentence.
    package init(_ description: String) {
        self.description = description
    }
}
