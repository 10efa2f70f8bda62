/* The fastest possible FastCGI responder: libfcgi behind one epoll set.
 *
 * For each request it runs the given statements. It does not look at any data.
 *
 *   Floor SOCKET THREADS [DATABASE_SOCKET DATABASE NUMBERS STATEMENT...]
 *
 * START TRANSACTION and COMMIT are sent as they are. All other statements are prepared. Each ? in a
 * statement is the request's number as 32 digits. Requests are numbered from 0 to NUMBERS - 1, and
 * then again from 0.
 * `make bench` measures Consulate against it.
 */
#define _GNU_SOURCE
#include <fcgiapp.h>
#include <fcntl.h>
#include <mysql.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STATEMENTS = 12, PARAMETERS = 16, COLUMNS = 16, WIDTH = 256, DIGITS = 32 };

static int listener, set, count;
static char **texts, *socket_path, *database;
static long numbers;
static atomic_long next_number;

/* The connection of one thread and its prepared statements. */
struct worker {
    MYSQL *connection;
    MYSQL_STMT *statements[STATEMENTS];
    MYSQL_BIND columns[COLUMNS];
    char values[COLUMNS][WIDTH];
};

static void fail(const char *what, const char *why) {
    fprintf(stderr, "Floor: %s: %s\n", what, why);
    exit(1);
}

static int is_command(const char *text) {
    return !strcmp(text, "START TRANSACTION") || !strcmp(text, "COMMIT");
}

static void connect_to_database(struct worker *worker) {
    mysql_thread_init();
    worker->connection = mysql_init(NULL);
    if (!mysql_real_connect(worker->connection, NULL, "root", NULL, database, 0, socket_path, CLIENT_FOUND_ROWS))
        fail(database, mysql_error(worker->connection));
    if (mysql_query(worker->connection, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")) fail("isolation", mysql_error(worker->connection));
    for (int i = 0; i < count; i++) {
        if (is_command(texts[i])) continue;
        worker->statements[i] = mysql_stmt_init(worker->connection);
        if (mysql_stmt_prepare(worker->statements[i], texts[i], strlen(texts[i]))) fail(texts[i], mysql_stmt_error(worker->statements[i]));
    }
    for (int i = 0; i < COLUMNS; i++)
        worker->columns[i] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING, .buffer = worker->values[i], .buffer_length = WIDTH};
}

/* Runs a statement. Returns nonzero if the statement failed or if a SELECT found no row. */
static int run(struct worker *worker, int index, char *number) {
    if (is_command(texts[index])) return mysql_query(worker->connection, texts[index]);
    MYSQL_STMT *statement = worker->statements[index];
    MYSQL_BIND parameters[PARAMETERS] = {0};
    for (unsigned i = 0; i < mysql_stmt_param_count(statement); i++)
        parameters[i] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING, .buffer = number, .buffer_length = DIGITS};
    if (mysql_stmt_param_count(statement) && mysql_stmt_bind_param(statement, parameters)) return 1;
    if (mysql_stmt_execute(statement)) return 1;
    if (!mysql_stmt_field_count(statement)) return 0;
    int failed = mysql_stmt_bind_result(statement, worker->columns) || mysql_stmt_store_result(statement) || mysql_stmt_fetch(statement);
    mysql_stmt_free_result(statement);
    return failed;
}

static void answer(FCGX_Request *request, struct worker *worker) {
    char body[4096], number[DIGITS + 1];
    while (FCGX_GetStr(body, sizeof body, request->in) > 0) {}
    if (count) snprintf(number, sizeof number, "%032ld", atomic_fetch_add(&next_number, 1) % numbers);
    for (int i = 0; i < count; i++)
        if (run(worker, i, number)) {
            fprintf(stderr, "Floor: %s: %s\n", texts[i], mysql_error(worker->connection));
            mysql_query(worker->connection, "ROLLBACK");
            FCGX_FPrintF(request->out, "Status: 500\r\n\r\n");
            return;
        }
    const char *text = "{\"client_id\":\"client01\",\"scope\":\"place-orders\",\"exp\":1800000000}";
    FCGX_FPrintF(
        request->out, "Content-Type: application/json\r\nCache-Control: no-store\r\nContent-Length: %d\r\n\r\n%s", (int)strlen(text), text);
}

static void watch(int operation, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.fd = descriptor};
    epoll_ctl(set, operation, descriptor, &event);
}

static void *work(void *unused) {
    struct worker *worker = calloc(1, sizeof *worker);
    if (count) connect_to_database(worker);
    FCGX_Request request;
    FCGX_InitRequest(&request, -1, 0);
    for (;;) {
        struct epoll_event event;
        if (epoll_wait(set, &event, 1, -1) != 1) continue;
        if (event.data.fd == listener) {
            for (int connection; (connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) watch(EPOLL_CTL_ADD, connection);
            watch(EPOLL_CTL_MOD, listener);
            continue;
        }
        request.ipcFd = event.data.fd;
        request.keepConnection = 1;
        if (FCGX_Accept_r(&request) < 0) continue;
        answer(&request, worker);
        FCGX_Finish_r(&request);
        if (request.ipcFd >= 0) watch(EPOLL_CTL_MOD, request.ipcFd);
        request.ipcFd = -1;
    }
    return unused;
}

int main(int argc, char **argv) {
    if (argc < 3 || (argc > 3 && argc < 7) || argc - 6 > STATEMENTS) fail("usage", "Floor SOCKET THREADS [DATABASE_SOCKET DATABASE NUMBERS STATEMENT...]");
    if (argc > 3) {
        socket_path = argv[3], database = argv[4], numbers = atol(argv[5]);
        texts = argv + 6, count = argc - 6;
        mysql_library_init(0, NULL, NULL);
    }
    FCGX_Init();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    listener = FCGX_OpenSocket(argv[1], 1024);
    if (listener < 0) fail("socket", argv[1]);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    set = epoll_create1(EPOLL_CLOEXEC);
    watch(EPOLL_CTL_ADD, listener);
    for (int i = 0; i < atoi(argv[2]); i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, NULL);
    }
    for (;;) pause();
}
