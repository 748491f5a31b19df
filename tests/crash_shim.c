/* Loaded into a command by LD_PRELOAD: counts what makes writes last, and kills the command at a given one.
 *
 * Counted, when they touch a file below CRASH_ROOT: fsync, fdatasync, rename*, link*, symlink*, unlink*, remove, rmdir, mkdir*, (f)truncate, and
 * writes to files named *-wal or *-journal, which is where SQLite commits when it does not sync. Python, SQLite, DuckDB, Arrow and Rust
 * all reach the system through these functions of libc. The count is shared with the command's children, in a mapped file.
 *
 *   CRASH_ROOT     only files below this (real) folder count
 *   CRASH_COUNTER  file of at least 8 bytes: the count
 *   CRASH_LOG      one line an event: "<number> <call> <path>"
 *   CRASH_AT       number of the event at which to die; 0: never
 *   CRASH_WHEN     "before" or "after" it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic long *counter;
static char root[PATH_MAX];
static long kill_at;
static int kill_after;
static int log_fd = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void start(void) {
    const char *file = getenv("CRASH_COUNTER"), *folder = getenv("CRASH_ROOT"), *log = getenv("CRASH_LOG");
    const char *at = getenv("CRASH_AT"), *when = getenv("CRASH_WHEN");
    if (!file || !folder) return;
    snprintf(root, sizeof root, "%s", folder);
    kill_at = at ? atol(at) : 0;
    kill_after = when && strcmp(when, "after") == 0;
    int fd = open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *page = mmap(NULL, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (page == MAP_FAILED) return;
    if (log) log_fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    counter = page;
}

static int below_root(const char *path) {
    size_t length = strlen(root);
    return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int path_of_fd(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return 1;
}

/* The real path of a name that need not exist: its folder's real path, and the name. */
static int path_of_name(int folder_fd, const char *name, char *path) {
    char whole[2 * PATH_MAX], folder[PATH_MAX];
    if (name[0] != '/' && folder_fd != AT_FDCWD) {
        if (!path_of_fd(folder_fd, folder)) return 0;
        snprintf(whole, sizeof whole, "%s/%s", folder, name);
    } else {
        snprintf(whole, sizeof whole, "%s", name);
    }
    char *slash = strrchr(whole, '/');
    const char *last = slash ? slash + 1 : whole;
    if (slash) *slash = 0;
    if (!realpath(slash ? (*whole ? whole : "/") : ".", folder)) return 0;
    return snprintf(path, PATH_MAX, "%s/%s", folder, last) < PATH_MAX;
}

/* Dies with all processes of its group, as at a power cut. */
static void die(void) {
    kill(0, SIGKILL);
    for (;;) pause();
}

/* Number of this event, or 0 when it does not count. Dies here when it is the one to die before. */
static long begin(const char *call, const char *path) {
    if (!counter || !below_root(path)) return 0;
    long number = atomic_fetch_add(counter, 1) + 1;
    if (log_fd >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path + strlen(root) + (path[strlen(root)] == '/'));
        ssize_t ignored = REAL(write)(log_fd, line, length < (int)sizeof line ? length : (int)sizeof line);
        (void)ignored;
    }
    if (number == kill_at && !kill_after) die();
    return number;
}

static void end(long number) {
    if (number && number == kill_at && kill_after) {
        die();
    }
}

/* errno belongs to the real call, not to what we ask around it. */
#define AROUND(type, call, found, real)                                                                                \
    char path[PATH_MAX];                                                                                               \
    int saved = errno;                                                                                                 \
    long number = counter && (found) ? begin(call, path) : 0;                                                          \
    errno = saved;                                                                                                     \
    type answer = (real);                                                                                              \
    end(number);                                                                                                       \
    return answer

int fsync(int fd) { AROUND(int, "fsync", path_of_fd(fd, path), REAL(fsync)(fd)); }
int fdatasync(int fd) { AROUND(int, "fdatasync", path_of_fd(fd, path), REAL(fdatasync)(fd)); }
int ftruncate(int fd, off_t size) { AROUND(int, "ftruncate", path_of_fd(fd, path), REAL(ftruncate)(fd, size)); }
int ftruncate64(int fd, off64_t size) { AROUND(int, "ftruncate", path_of_fd(fd, path), REAL(ftruncate64)(fd, size)); }
int truncate(const char *name, off_t size) { AROUND(int, "truncate", path_of_name(AT_FDCWD, name, path), REAL(truncate)(name, size)); }
int unlink(const char *name) { AROUND(int, "unlink", path_of_name(AT_FDCWD, name, path), REAL(unlink)(name)); }
int unlinkat(int at, const char *name, int flags) { AROUND(int, "unlink", path_of_name(at, name, path), REAL(unlinkat)(at, name, flags)); }
int remove(const char *name) { AROUND(int, "remove", path_of_name(AT_FDCWD, name, path), REAL(remove)(name)); }
int rmdir(const char *name) { AROUND(int, "rmdir", path_of_name(AT_FDCWD, name, path), REAL(rmdir)(name)); }
int mkdir(const char *name, mode_t mode) { AROUND(int, "mkdir", path_of_name(AT_FDCWD, name, path), REAL(mkdir)(name, mode)); }
int mkdirat(int at, const char *name, mode_t mode) { AROUND(int, "mkdir", path_of_name(at, name, path), REAL(mkdirat)(at, name, mode)); }
/* A rename or link counts by where it leads. */
int rename(const char *from, const char *to) { AROUND(int, "rename", path_of_name(AT_FDCWD, to, path), REAL(rename)(from, to)); }
int renameat(int a, const char *from, int b, const char *to) { AROUND(int, "rename", path_of_name(b, to, path), REAL(renameat)(a, from, b, to)); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { AROUND(int, "rename", path_of_name(b, to, path), REAL(renameat2)(a, from, b, to, flags)); }
int link(const char *from, const char *to) { AROUND(int, "link", path_of_name(AT_FDCWD, to, path), REAL(link)(from, to)); }
int linkat(int a, const char *from, int b, const char *to, int flags) { AROUND(int, "link", path_of_name(b, to, path), REAL(linkat)(a, from, b, to, flags)); }
int symlink(const char *from, const char *to) { AROUND(int, "symlink", path_of_name(AT_FDCWD, to, path), REAL(symlink)(from, to)); }
int symlinkat(const char *from, int b, const char *to) { AROUND(int, "symlink", path_of_name(b, to, path), REAL(symlinkat)(from, b, to)); }

static int is_commit_file(int fd, char *path) {
    if (!path_of_fd(fd, path)) return 0;
    size_t length = strlen(path);
    return (length > 4 && strcmp(path + length - 4, "-wal") == 0) || (length > 8 && strcmp(path + length - 8, "-journal") == 0);
}

ssize_t write(int fd, const void *data, size_t size) { AROUND(ssize_t, "write", is_commit_file(fd, path), REAL(write)(fd, data, size)); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { AROUND(ssize_t, "write", is_commit_file(fd, path), REAL(pwrite)(fd, data, size, at)); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { AROUND(ssize_t, "write", is_commit_file(fd, path), REAL(pwrite64)(fd, data, size, at)); }
ssize_t writev(int fd, const struct iovec *parts, int count) { AROUND(ssize_t, "write", is_commit_file(fd, path), REAL(writev)(fd, parts, count)); }
