import Foundation
import PackagePlugin

/// A build plugin that compiles files into the modules that use them.
///
/// These are the migrations, the nginx configuration, and the templates, texts and assets of pages.
@main
struct EmbedFilesPlugin: BuildToolPlugin {
    private static let folders = [
        "Storage": ["sql"],
        "Pages": ["Templates", "Texts", "Assets"].map { "Sources/Pages/\($0)" },
        "AuthorizationServer": ["Sources/AuthorizationServer/SignIn/Passwords"],
        "DevelopmentStack": ["nginx"],
    ]

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL
        let files = try (Self.folders[target.name] ?? []).flatMap { folder in
            try FileManager.default.contentsOfDirectory(
                at: root.appending(path: folder), includingPropertiesForKeys: nil)
        }.filter { $0.pathExtension != "md" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedFiles.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) files into \(target.name)",
                executable: try context.tool(named: "EmbedFiles").url,
                arguments: [output.path()] + files.map { $0.path() },
                inputFiles: files,
                outputFiles: [output])
        ]
    }
}
