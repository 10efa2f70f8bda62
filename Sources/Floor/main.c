/* What a FastCGI responder can reach at most: libfcgi behind one epoll set, with nothing, one SELECT, one INSERT, or two INSERTs in a transaction
 * for each request. `make bench` measures Consulate against it.
 *
 *   Floor nothing|select|insert|transaction SOCKET THREADS [DATABASE_SOCKET]
 *
 * The tables `seen`, `issued` and `refreshed` of the database `floor` have a BINARY(32) primary key, a client, scopes and an expiry.
 */
#define _GNU_SOURCE
#include <fcgiapp.h>
#include <fcntl.h>
#include <mysql.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROWS = 100000, KEY = 32 };

static int listener, set;
static const char *mode, *database;

/* One thread's connection, and its statements. */
struct worker {
    MYSQL *connection;
    MYSQL_STMT *select, *insert, *insertToo;
    unsigned seed;
};

static void fail(const char *what, const char *why) {
    fprintf(stderr, "Floor: %s: %s\n", what, why);
    exit(1);
}

static MYSQL_STMT *prepare(MYSQL *connection, const char *text) {
    MYSQL_STMT *statement = mysql_stmt_init(connection);
    if (mysql_stmt_prepare(statement, text, strlen(text))) fail(text, mysql_stmt_error(statement));
    return statement;
}

static void connect_to_database(struct worker *worker) {
    mysql_thread_init();
    MYSQL *connection = worker->connection = mysql_init(NULL);
    if (!mysql_real_connect(connection, NULL, "root", NULL, "floor", 0, database, 0)) fail(database, mysql_error(connection));
    worker->select = prepare(connection, "SELECT client, scopes, expires FROM seen WHERE id = ?");
    worker->insert = prepare(connection, "INSERT INTO issued (id, client, scopes, expires) VALUES (?, ?, ?, ?)");
    worker->insertToo = prepare(connection, "INSERT INTO refreshed (id, client, scopes, expires) VALUES (?, ?, ?, ?)");
}

static int find(struct worker *worker, char *answer, size_t size) {
    unsigned char id[KEY] = {0};
    unsigned row = rand_r(&worker->seed) % ROWS;
    for (int byte = 0; byte < 4; byte++) id[3 - byte] = row >> (8 * byte);
    char client[64], scopes[128];
    unsigned long idLength = KEY, clientLength = 0, scopesLength = 0;
    long long expires = 0;
    MYSQL_BIND key = {.buffer_type = MYSQL_TYPE_BLOB, .buffer = id, .buffer_length = KEY, .length = &idLength};
    MYSQL_BIND columns[3] = {
        {.buffer_type = MYSQL_TYPE_STRING, .buffer = client, .buffer_length = sizeof client - 1, .length = &clientLength},
        {.buffer_type = MYSQL_TYPE_STRING, .buffer = scopes, .buffer_length = sizeof scopes - 1, .length = &scopesLength},
        {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &expires},
    };
    MYSQL_STMT *statement = worker->select;
    int failed = mysql_stmt_bind_param(statement, &key) || mysql_stmt_execute(statement) || mysql_stmt_bind_result(statement, columns)
        || mysql_stmt_store_result(statement) || mysql_stmt_fetch(statement);
    mysql_stmt_free_result(statement);
    if (failed) return 1;
    client[clientLength] = scopes[scopesLength] = 0;
    snprintf(answer, size, "{\"client_id\":\"%s\",\"scope\":\"%s\",\"exp\":%lld}", client, scopes, expires);
    return 0;
}

static int add(MYSQL_STMT *statement) {
    unsigned char id[KEY];
    if (getrandom(id, KEY, 0) != KEY) return 1;
    unsigned long lengths[3] = {KEY, 8, 20};
    long long expires = 1800000000;
    MYSQL_BIND values[4] = {
        {.buffer_type = MYSQL_TYPE_BLOB, .buffer = id, .buffer_length = lengths[0], .length = &lengths[0]},
        {.buffer_type = MYSQL_TYPE_STRING, .buffer = "client01", .buffer_length = lengths[1], .length = &lengths[1]},
        {.buffer_type = MYSQL_TYPE_STRING, .buffer = "read write profile x", .buffer_length = lengths[2], .length = &lengths[2]},
        {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &expires},
    };
    return mysql_stmt_bind_param(statement, values) || mysql_stmt_execute(statement);
}

static void answer(FCGX_Request *request, struct worker *worker) {
    char body[4096], text[512] = "ok";
    while (FCGX_GetStr(body, sizeof body, request->in) > 0) {}
    int failed = 0;
    if (!strcmp(mode, "select")) failed = find(worker, text, sizeof text);
    if (!strcmp(mode, "insert")) failed = add(worker->insert);
    if (!strcmp(mode, "transaction"))
        failed = mysql_query(worker->connection, "START TRANSACTION") || add(worker->insert) || add(worker->insertToo)
            || mysql_query(worker->connection, "COMMIT");
    if (failed)
        FCGX_FPrintF(request->out, "Status: 500\r\n\r\n");
    else
        FCGX_FPrintF(
            request->out, "Content-Type: application/json\r\nCache-Control: no-store\r\nContent-Length: %d\r\n\r\n%s", (int)strlen(text), text);
}

static void watch(int operation, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.fd = descriptor};
    epoll_ctl(set, operation, descriptor, &event);
}

static void *work(void *number) {
    struct worker worker = {.seed = (unsigned)(size_t)number + 1};
    if (database) connect_to_database(&worker);
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
        answer(&request, &worker);
        FCGX_Finish_r(&request);
        if (request.ipcFd >= 0) watch(EPOLL_CTL_MOD, request.ipcFd);
        request.ipcFd = -1;
    }
}

int main(int count, char **arguments) {
    if (count < 4) fail("usage", "Floor nothing|select|insert|transaction SOCKET THREADS [DATABASE_SOCKET]");
    mode = arguments[1];
    database = count > 4 ? arguments[4] : NULL;
    if (database) mysql_library_init(0, NULL, NULL);
    FCGX_Init();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    listener = FCGX_OpenSocket(arguments[2], 1024);
    if (listener < 0) fail("socket", arguments[2]);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    set = epoll_create1(EPOLL_CLOEXEC);
    watch(EPOLL_CTL_ADD, listener);
    for (long number = 0; number < atol(arguments[3]); number++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, (void *)number);
    }
    for (;;) pause();
}
