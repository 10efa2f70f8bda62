extension ExampleRequest {
    /// The example for a shell, with curl.
    var bash: String {
        let lines =
            ["curl -X \(method)\(query.isEmpty ? "" : " -G") \"\(address { "$" + $0 })\""] + bashCredential + [
                "-H \"Accept: application/json\""
            ]
        return (lines + query.map(Self.bashField) + bashBody).joined(separator: " \\\n    ")
    }

    private var bashCredential: [String] {
        switch credential {
        case .none: []
        case .firstPartyBearer: ["-H \"Authorization: Bearer $TOKEN\""]
        case .bearer: ["-H \"Authorization: Bearer $ACCESS_TOKEN\""]
        case .client: ["-u \"$\(client)CLIENT_ID:$\(client)CLIENT_SECRET\""]
        case .session, .guest: ["-b cookies.txt -c cookies.txt"] + (provesItself ? ["-H \"X-CSRF-TOKEN: $CSRF\""] : [])
        }
    }

    private var bashBody: [String] {
        guard !body.isEmpty else { return [] }
        guard bodyType == .form else {
            return ["-H \"Content-Type: application/json\"", "-d \(Self.quoted(jsonBody.plain))"]
        }
        return body.map(Self.bashField)
    }

    private static func bashField(_ name: String, _ sample: Input.Sample) -> String {
        switch sample {
        case .value(let value): "--data-urlencode \(quoted("\(name)=\(value.plain)"))"
        case .variable(let variable, _): "--data-urlencode \"\(name)=$\(variable)\""
        }
    }

    /// Quotes a text, so that the shell does not interpret it.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: #"'\''"#) + "'"
    }
}
