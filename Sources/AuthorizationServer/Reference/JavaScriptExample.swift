import HTTP

extension ExampleRequest {
    /// The example for a browser or for node.
    var javascript: String {
        var lines = [
            "const response = await fetch(\(javascriptAddress), {", "    method: \"\(method)\",", "    headers: {",
        ]
        lines += ["Accept": "\"application/json\""].merging(javascriptCredential) { $1 }.map {
            "        \"\($0)\": \($1),"
        }.sorted()
        if !body.isEmpty, bodyType == .json { lines.append("        \"Content-Type\": \"application/json\",") }
        lines.append("    },")
        if !body.isEmpty {
            lines.append(bodyType == .json ? "    body: JSON.stringify({" : "    body: new URLSearchParams({")
            lines += body.map { "        \($0): \(javascriptValue($1))," }
            lines.append("    }),")
        }
        return (lines + ["});", "console.log(response.status, await response.text());"]).joined(separator: "\n")
    }

    private var javascriptAddress: String {
        let address = address { "${\($0)}" }
        let quote = hasVariables ? "`" : "\""
        if query.isEmpty { return quote + address + quote }
        let fields = query.map { "    \($0): \(javascriptValue($1)),\n" }.joined()
        return "\(quote)\(address)?\(quote) + new URLSearchParams({\n\(fields)})"
    }

    private var javascriptCredential: [String: String] {
        switch credential {
        case .none: [:]
        case .firstPartyBearer: ["Authorization": "`Bearer ${TOKEN}`"]
        case .bearer: ["Authorization": "`Bearer ${ACCESS_TOKEN}`"]
        case .client: ["Authorization": "\"Basic \" + btoa(`${\(client)CLIENT_ID}:${\(client)CLIENT_SECRET}`)"]
        case .session, .guest: provesItself ? ["X-CSRF-TOKEN": "CSRF"] : [:]
        }
    }

    private func javascriptValue(_ sample: Input.Sample) -> String {
        switch sample {
        case .value(let value): (bodyType == .json && query.isEmpty ? value : .string(value.plain)).compact
        case .variable(let variable, _): variable
        }
    }
}
