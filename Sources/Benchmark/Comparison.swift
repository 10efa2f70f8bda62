import DevelopmentStack
import Foundation

/// What is measured against what: the same load on Consulate and on the limit.
struct Comparison {
    let name: String
    let load: Load
    let port: Int
    let process: Int32
    let limit: (name: String, port: Int, process: Int32)
    /// The smallest ratio that is good enough, if there is one.
    let target: Double?
}

/// One side of a comparison, over all rounds.
struct Series {
    var samples: [Sample] = []
    /// Processor seconds of the responder, of MariaDB and of nginx.
    var processor: [String: Double] = [:]

    var rates: [Double] { samples.map(\.rate) }
    var requests: Double { samples.map(\.requests).reduce(0, +) }
    var p50: Double { Spread(samples.map(\.p50)).median }
    var p99: Double { Spread(samples.map(\.p99)).median }
    /// Microseconds for each request.
    var processorPerRequest: [String: Double] { processor.mapValues { $0 / requests * 1e6 } }
}

/// The smallest, the middle and the largest of some figures.
struct Spread {
    let minimum, median, maximum: Double

    init(_ figures: [Double]) {
        let sorted = figures.sorted()
        minimum = sorted.first ?? 0
        median = sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        maximum = sorted.last ?? 0
    }
}

/// What a comparison came to.
struct Outcome {
    let comparison: Comparison
    let ours: Series
    let limit: Series

    var ratio: Spread { Spread(zip(ours.rates, limit.rates).map { $0 / $1 }) }
}
