import Foundation
import Fuzzing

/// The target that reads the inputs, named by the environment variable `FUZZ_TARGET`.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        fatalError("FUZZ_TARGET=\(name) is none of \(FuzzTarget.allCases.map(\.rawValue))")
    }
    return target
}()

/// Reads one input from libFuzzer.
func read(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Defines the name that libFuzzer's own `main` looks for.
///
/// That `main` is linked and not used.
@_cdecl("LLVMFuzzerTestOneInput")
func unused(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    read(start, count)
}
