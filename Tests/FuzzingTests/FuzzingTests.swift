import Foundation
import Testing

/// The seeds of the fuzzer, and every input with which the fuzzer ever found a defect.
@Suite struct `Fuzzing` {
    private static let corpora = URL(filePath: #filePath).appending(path: "../corpora").standardizedFileURL

    @Test(arguments: FuzzTarget.allCases) func `every input that is kept is read without harm`(target: FuzzTarget)
        throws
    {
        let folder = Self.corpora.appending(path: target.rawValue)
        let inputs = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!inputs.isEmpty)
        for input in inputs { target.read(Array(try Data(contentsOf: input))) }
    }
}
