import Cast
import DevelopmentStack
import Foundation

/// A Laravel application with its `.env` and its keys, on its own database.
struct Laravel {
    let database: String
    let folder: URL

    init(_ database: String, _ more: String = "") throws {
        self.database = database
        folder = Folder.root.appending(path: "\(database)-laravel")
        try Passport12.copyKeys(to: folder.appending(path: "storage"))
        let text = """
            APP_NAME="A shop"
            APP_KEY=\(Passport12.applicationKey)
            APP_URL=http://localhost
            LOG_LEVEL=emergency
            DB_CONNECTION=mysql
            DB_SOCKET=\(Folder.mariaDB.socket)
            DB_DATABASE=\(database)
            DB_USERNAME=root
            DB_PASSWORD=
            \(more)
            """
        try Data(text.utf8).write(to: folder.appending(path: ".env"))
    }

    func consulate(_ arguments: String..., settings: [String: String] = [:]) throws -> (
        status: Int32, output: String, error: String
    ) {
        try ChildProcess.output(
            Folder.program,
            arguments + ["--laravel", folder.path(), "--env", folder.appending(path: "consulate.env").path()],
            environment: settings)
    }

    func schema() throws -> String {
        try ChildProcess.run(
            "mariadb-dump",
            [
                "--no-defaults", "--socket=\(Folder.mariaDB.socket)", "--user=root", "--skip-dump-date", "--no-data",
                "--skip-comments", database,
            ])
    }
}
