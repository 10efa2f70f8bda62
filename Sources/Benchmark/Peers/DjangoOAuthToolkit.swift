import DevelopmentStack
import Foundation

/// django-oauth-toolkit behind gunicorn, which `.ci/install` has installed from PyPI.
struct DjangoOAuthToolkit {
    /// Starts the server with its own database and one client.
    ///
    /// The client's secret is not hashed, because that is faster.
    static func start(
        from peers: URL, in home: URL, on mariaDB: PrivateMariaDB, nginxPort: Int, _ started: Started
    ) throws -> (Peer, server: String) {
        let (folder, port) = (home.appending(path: "django"), LocalPort.free())
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(project.utf8).write(to: folder.appending(path: "project.py"))
        let environment = ["DB_SOCKET": mariaDB.socket, "PYTHONPATH": folder.path(), "HOME": folder.path()]
        let programs = peers.appending(path: "django/bin")
        try mariaDB.query("CREATE DATABASE django CHARACTER SET utf8mb4")
        try ChildProcess.run(
            programs.appending(path: "python").path(), [folder.appending(path: "project.py").path()],
            environment: environment)
        // The number of workers that the documentation of gunicorn recommends.
        let workers = 2 * ProcessInfo.processInfo.activeProcessorCount + 1
        let process = try ChildProcess(
            programs.appending(path: "gunicorn").path(),
            ["--workers", String(workers), "--bind", "127.0.0.1:\(port)", "project:application"],
            environment: environment, log: home.appending(path: "gunicorn.log"))
        _ = started.add(process)
        guard LocalPort.waits(for: port) else {
            throw StackError("gunicorn does not start: \(home.path())gunicorn.log says why.")
        }
        for _ in 0..<400 where process.children.count < workers { usleep(50_000) }
        let peer = Peer(
            name: "DOT", port: nginxPort, processes: process.children,
            issue: .form("grant_type=client_credentials&scope=place-orders", to: "/o/token/", by: Peer.client),
            checks: {
                [
                    ("introspection", .introspection("/o/introspect/", $0, by: Peer.client)),
                    ("protected view", .bearer("/protected", $0)),
                ]
            })
        return (peer, Peer.server(port: nginxPort, behind: port))
    }

    private static let project = """
        import os

        import django
        from django.conf import settings

        settings.configure(
            SECRET_KEY="benchmark", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            DATABASES={"default": {
                "ENGINE": "django.db.backends.mysql", "NAME": "django", "USER": "root", "CONN_MAX_AGE": None,
                "OPTIONS": {"unix_socket": os.environ["DB_SOCKET"]},
            }},
            INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
            OAUTH2_PROVIDER={"SCOPES": {"place-orders": "Place orders", "introspection": "Introspect"}},
        )
        django.setup()

        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application
        from django.http import HttpResponse
        from django.urls import include, path
        from oauth2_provider.models import Application
        from oauth2_provider.views.generic import ProtectedResourceView


        class Protected(ProtectedResourceView):
            def get(self, request):
                return HttpResponse("ok")


        urlpatterns = [path("o/", include("oauth2_provider.urls")), path("protected", Protected.as_view())]
        application = get_wsgi_application()

        if __name__ == "__main__":
            call_command("migrate", verbosity=0)
            Application.objects.create(
                name="Machine", client_id="\(Peer.client.id)", client_secret="\(Peer.client.secret)", hash_client_secret=False,
                client_type="confidential", authorization_grant_type="client-credentials")

        """
}
