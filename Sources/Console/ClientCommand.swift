import ArgumentParser
import AuthorizationServer
import Foundation
import MariaDB
import OAuth
import Storage

struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Create, list, revoke and rotate clients.",
        discussion:
            "For example: consulate client --confidential --redirect https://app.example/callback \"My application\"",
        subcommands: [Create.self, List.self, Revoke.self, Rotate.self],
        defaultSubcommand: Create.self)

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a client, and print its id and its secret once.")

        enum Kind: String, EnumerableFlag {
            case confidential
            case `public`
            case machine
            case password

            static func help(for kind: Kind) -> ArgumentHelp? {
                switch kind {
                case .confidential: "A server that can keep a secret: authorization code. This is the default."
                case .public:
                    "An application on the devices of its users, without a secret: authorization code with PKCE."
                case .machine: "A program that acts for itself: client credentials."
                case .password: "A program that users give their passwords to. It also needs PASSWORD_GRANT=true."
                }
            }
        }

        @Argument(help: "The name that users see.")
        var name: String

        @Flag var kind: Kind = .confidential

        @Flag(help: "Do not ask users for consent.")
        var firstParty = false

        @Option(
            help: ArgumentHelp("The address to which users return. It can be given several times.", valueName: "uri"))
        var redirect: [String] = []

        @Option(
            help: ArgumentHelp(
                "The only method by which the client may authenticate: client_secret_basic or client_secret_post.",
                valueName: "method"))
        var authMethod: String?

        @OptionGroup var source: SettingsSource

        func run() throws {
            let (settings, connection) = (try source.settings(), try source.connection())
            let client = try source.change(.clientCreated, detail: name, on: connection) { change in
                try make(settings, on: connection, in: change)
            }
            print("client_id: \(client.id)")
            if let secret = client.secret { print("client_secret: \(secret)") }
        }

        /// Creates the client that the options describe.
        func make(_ settings: Settings, on connection: Connection, in change: Change) throws -> (
            id: String, secret: String?
        ) {
            let needsRedirect = kind == .confidential || kind == .public
            guard redirect.isEmpty != needsRedirect else {
                throw ConsoleError(
                    needsRedirect
                        ? "A \(kind.rawValue) client needs --redirect."
                        : "A \(kind.rawValue) client cannot have --redirect.")
            }
            guard name.unicodeScalars.count <= 191, DisplayName.isVisible(name), !DisplayName.hasHiddenCharacter(name)
            else {
                throw ConsoleError(
                    "A name has 1 to 191 characters. At least one is visible, and none is invisible.")
            }
            if let problem = Client.problem(ofRedirectURIs: redirect, allowing: settings.redirectSchemes) {
                throw ConsoleError(problem)
            }
            if kind == .public, firstParty, let uri = redirect.first(where: { !Client.identifies(redirectURI: $0) }) {
                throw ConsoleError(
                    "A public client with \(uri) cannot be first-party: any program can claim that address, so users are always asked (RFC 8252 §8.6)."
                )
            }
            let methods = ClientAuthentication.methods(forConfidential: kind != .public)
            if let authMethod, !methods.contains(authMethod) {
                throw ConsoleError(
                    "--auth-method of a \(kind.rawValue) client is \(methods.joined(separator: " or ")).")
            }
            let secret = kind == .public ? nil : ClientSecret.generate(settings)
            let grants: [GrantType] =
                switch kind {
                case .confidential, .public: [.authorizationCode, .refreshToken]
                case .machine: [.clientCredentials]
                case .password: [.password, .refreshToken]
                }
            var metadata = ClientMetadata(
                clientName: name, redirectURIs: redirect.joined(separator: ","), grants: grants,
                isFirstParty: firstParty)
            metadata.tokenEndpointAuthMethod = authMethod
            let client = try ClientRepository(connection).create(metadata, secret: secret?.stored, in: change)
            return (client.id.rawValue, secret?.plain)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all clients.")

        @OptionGroup var source: SettingsSource

        func run() throws {
            for client in try ClientRepository(source.connection()).all() {
                let kind = client.secret == nil ? "public" : "confidential"
                let state = client.isRevoked ? "revoked" : client.internal == nil ? kind : "internal"
                print("\(client.id.rawValue)  \(state)  \(client.name)  \(client.redirect)")
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a client and all its tokens.")

        @Argument(help: "The client's id.") var id: String
        @OptionGroup var source: SettingsSource

        func run() throws {
            let connection = try source.connection()
            let clients = ClientRepository(connection)
            let client = try ClientCommand.find(id, clients)
            try source.change(.clientRevoked, client: client.id, on: connection) { change in
                try clients.revoke(client.id, in: change)
            }
            print("revoked \(id)")
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replace a client's secret, and print the new secret once.")

        @Argument(help: "The client's id.") var id: String
        @OptionGroup var source: SettingsSource

        func run() throws {
            let connection = try source.connection()
            let clients = ClientRepository(connection)
            let client = try ClientCommand.find(id, clients)
            guard client.secret != nil else { throw ConsoleError("\(id) is a public client: it has no secret.") }
            let secret = ClientSecret.generate(try source.settings())
            try source.change(.secretReplaced, client: client.id, on: connection) { change in
                try clients.update(client.id, secret: secret.stored, in: change)
            }
            print("client_secret: \(secret.plain)")
        }
    }

    private static func find(_ id: String, _ clients: ClientRepository) throws -> Client {
        guard let client = try clients.findActive(Client.ID(id)) else {
            throw ConsoleError("The client \(id) does not exist, or it has been revoked.")
        }
        guard client.internal == nil else { throw ConsoleError("\(id) is Consulate's own client.") }
        return client
    }
}
