import Cast
import DevelopmentStack
import HTTP
import MariaDB
import OAuth
import Storage
import Testing

/// A shop that updates its Passport while Consulate runs.
@Suite(.serialized) struct `A shop's update` {
    /// The change of the clients' table from Passport 12 to Passport 13.
    private static let update = """
        ALTER TABLE oauth_clients ADD owner_type VARCHAR(255) NULL, ADD owner_id BIGINT UNSIGNED NULL,
            ADD redirect_uris TEXT NOT NULL DEFAULT '[]', ADD grant_types TEXT NOT NULL DEFAULT '[]',
            DROP COLUMN redirect, DROP COLUMN personal_access_client, DROP COLUMN password_client
        """

    @Test func `a connection notices that the clients' table has other columns`() throws {
        let generation = Generation(name: "shopupdate")
        try generation.make()
        let stack = try generation.stack()
        defer { stack.stop() }
        let connection = stack.connection()
        func create(_ name: String) throws -> Client {
            try connection.change(.clientCreated) { change in
                try ClientRepository(connection).create(
                    ClientMetadata(
                        clientName: name, redirectURIs: "https://a.example/", grants: [.authorizationCode]),
                    secret: nil, in: change)
            }
        }
        _ = try create("Before")
        try generation.mariaDB.query(Self.update, database: generation.name)
        _ = try create("After")
        let row = try connection.row("SELECT redirect_uris, grant_types FROM oauth_clients WHERE name = 'After'")
        #expect(try row?.text("redirect_uris") == #"["https://a.example/"]"#)
        #expect(try row?.text("grant_types") == #"["authorization_code"]"#)
    }

    @Test func `a connection reads the columns of the tables only once`() throws {
        let generation = Generation(name: "shopcolumns")
        try generation.make()
        let stack = try generation.stack()
        defer { stack.stop() }
        let connection = stack.connection()
        func reads() throws -> Int {
            let row = try connection.row("SHOW SESSION STATUS LIKE 'Com_stmt_execute'")
            return Int(try #require(row).text("Value")) ?? -1
        }
        func create(_ name: String) throws {
            _ = try connection.change(.clientCreated) { change in
                try ClientRepository(connection).create(
                    ClientMetadata(
                        clientName: name, redirectURIs: "https://a.example/", grants: [.authorizationCode]),
                    secret: nil, in: change)
            }
        }
        try create("First")
        let before = try reads()
        try create("Second")
        #expect(try reads() == before + 2, "the INSERT, and the count itself")
    }
}
