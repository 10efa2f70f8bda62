import Foundation

/// One side of a comparison: a load and the server that answers it.
struct Side: Sendable {
    let name: String
    let load: Load
    let port: Int
    /// The processes of the responder.
    let processes: [Int32]
}

/// Two sides that are measured against each other.
struct Comparison: Sendable {
    let name: String
    let ours: Side
    let limit: Side
    /// The smallest ratio that is good enough, if a target exists.
    var target: Double?
}

/// The runs of one side in all rounds.
struct Series {
    var samples: [Sample] = []
    /// Processor seconds of the responder, of MariaDB and of nginx.
    var processor: [String: Double] = [:]

    mutating func add(_ sample: Sample, _ processor: [String: Double]) {
        samples.append(sample)
        self.processor.merge(processor, uniquingKeysWith: +)
    }

    var rates: [Double] { samples.map(\.rate) }
    var requests: Double { samples.map(\.requests).reduce(0, +) }
    var p50: Double { Spread(samples.map(\.p50)).median }
    var p99: Double { Spread(samples.map(\.p99)).median }
    /// Processor microseconds for each request.
    var processorPerRequest: [String: Double] { processor.mapValues { $0 / requests * 1e6 } }
}

/// The result of a comparison.
struct Outcome {
    let comparison: Comparison
    let ours: Series
    let limit: Series

    var ratio: Spread { Spread(zip(ours.rates, limit.rates).map { $0 / $1 }) }
    /// Whether the target is met, or `nil` if no target exists.
    var isMet: Bool? { comparison.target.map { ratio.median >= $0 } }
}

/// The minimum, the median and the maximum of some figures.
struct Spread {
    let minimum, median, maximum: Double

    init(_ figures: [Double]) {
        let sorted = figures.sorted()
        minimum = sorted.first ?? 0
        median = sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        maximum = sorted.last ?? 0
    }
}
