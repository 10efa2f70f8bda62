import Foundation
import HTTP

/// The outcomes as a table for people and as JSON for programs.
///
/// Both contain ratios. All other figures are true only for this run.
struct Report {
    let connections: Int
    /// The requests a second that nginx answered by itself before each comparison.
    ///
    /// They show how noisy the machine was.
    var own: [Double] = []
    var outcomes: [Outcome] = []
    /// The megabytes of Consulate at the end, and the number of requests before that.
    var memory: (megabytes: Double, requests: Double) = (0, 0)
    /// Further lines of the report, and their figures.
    var notes: [(name: String, figure: Double, text: String)] = []

    var text: String { ((outcomes.isEmpty ? [] : table) + notes.map(\.text)).joined(separator: "\n") }

    private var table: [String] {
        let head = Self.row(
            "", "against", "ratio: min", "median", "max", "target", "", "p99/p50", "its", "CPU ratio: responder",
            "MariaDB", "nginx")
        let noise = Spread(own)
        return [head] + outcomes.map(Self.row) + [
            "",
            "\(connections) connections. Each ratio is of two runs that follow each other; p99/p50 at most 5 is the target.",
            "Noise: nginx's own answer was between \(Self.two(noise.minimum / noise.median)) and \(Self.two(noise.maximum / noise.median)) of its median.",
            "Memory: \(Int(memory.megabytes)) MB resident after \(Int(memory.requests)) requests; 40 at most is the target.",
        ]
    }

    private static func row(_ outcome: Outcome) -> String {
        let (ours, limit) = (outcome.ours.processorPerRequest, outcome.limit.processorPerRequest)
        func ratio(_ process: String) -> String {
            guard let one = ours[process], let other = limit[process], other > 1 else { return "–" }
            return two(one / other)
        }
        return row(
            outcome.comparison.name, outcome.comparison.limit.name, two(outcome.ratio.minimum),
            two(outcome.ratio.median),
            two(outcome.ratio.maximum), outcome.comparison.target.map(two) ?? "",
            outcome.isMet.map { $0 ? "met" : "not met" } ?? "",
            two(outcome.ours.p99 / outcome.ours.p50), two(outcome.limit.p99 / outcome.limit.p50), ratio("responder"),
            ratio("mariadbd"),
            ratio("nginx"))
    }

    var json: JSON {
        [
            "connections": .integer(Int64(connections)), "nginx_return_200": .array(own.map(JSON.number)),
            "resident_megabytes": .number(memory.megabytes), "requests": .number(memory.requests),
            "notes": .object(notes.map { JSON.Member(name: $0.name, value: .number($0.figure)) }),
            "comparisons": .array(outcomes.map(Self.json)),
        ]
    }

    private static func json(_ outcome: Outcome) -> JSON {
        let ratio = outcome.ratio
        var document: JSON = [
            "name": .string(outcome.comparison.name), "against": .string(outcome.comparison.limit.name),
            "ratio": [
                "minimum": .number(ratio.minimum), "median": .number(ratio.median), "maximum": .number(ratio.maximum),
            ],
            "ours": json(outcome.ours), "limit": json(outcome.limit),
        ]
        if let target = outcome.comparison.target { document.append("target", .number(target)) }
        if let isMet = outcome.isMet { document.append("met", .bool(isMet)) }
        return document
    }

    private static func json(_ series: Series) -> JSON {
        let processor = series.processorPerRequest.sorted { $0.key < $1.key }
        return [
            "requests_per_second": .array(series.rates.map(JSON.number)), "p50_ms": .number(series.p50),
            "p99_ms": .number(series.p99),
            "processor_microseconds_per_request": .object(
                processor.map { JSON.Member(name: $0.key, value: .number($0.value)) }),
        ]
    }

    private static func two(_ number: Double) -> String { String(format: "%.2f", number) }

    private static func row(_ cells: String...) -> String {
        let widths = [29, 23, 10, 6, 5, 6, 8, 7, 5, 20, 7, 5]
        return zip(cells, widths).enumerated().map { index, cell in
            let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return index < 2 ? cell.0 + space : space + cell.0
        }.joined(separator: "  ")
    }
}
