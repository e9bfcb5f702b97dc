/*
 * A layer under the processes of a cell that remembers what was written to one folder and what of it was synced, so that a loss of power
 * can be acted out afterwards: see disk.ts. Preloaded by machine.ts; only what node's libuv and SQLite call is here, and the machine
 * compares what it was told with the files, so a call that is missing here fails the run.
 *
 *   FORGETFUL_FOLDER       absolute path of the folder; it has no folders in it
 *   FORGETFUL_JOURNAL      file the records are appended to, outside of it
 *   FORGETFUL_IGNORE_SYNC  a sync of files whose name begins so does nothing and says that it did: the fault the run must catch
 *   FORGETFUL_DIE          "before:N" or "after:N": the power goes just before or after any process's Nth sync
 *   FORGETFUL_JOURNAL with ".processes" behind it: the ids of all that are under this layer, since the power goes for all of them
 *   FORGETFUL_JOURNAL with ".before" or ".after" behind it: a file that, once it is there, makes the power go at the next sync
 *
 * A write is recorded before it is done, a sync after it was done. Both are in one turn of one lock, so that a sync counts for
 * exactly what was written before it began.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATED = 1, SIZED, WRITTEN, SYNC_BEGUN, SYNC_DONE, FOLDER_SYNC_BEGUN, FOLDER_SYNC_DONE, RENAMED, REMOVED, CAME_SHORT };

struct record {
  uint32_t kind, process;
  uint64_t file, offset;
  uint32_t name_length, data_length;
};

#define HANDLES 65536
static const char *folder;
static size_t folder_length;
static ino_t folder_number;
static dev_t device;
static int journal = -1;
static const char *ignored;
static long syncs, dies_at;
static int dies_before;
static ino_t handles[HANDLES];
static char ignores_sync[HANDLES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t syncs_begun;
static char before_file[PATH_MAX], after_file[PATH_MAX], processes_file[PATH_MAX];

#define REAL(result, name, ...) \
  static result (*real_##name)(__VA_ARGS__); \
  if (!real_##name) real_##name = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static void die(const char *what) {
  dprintf(2, "forgetful: %s: %s\n", what, strerror(errno));
  abort();
}

__attribute__((constructor)) static void begin(void) {
  folder = getenv("FORGETFUL_FOLDER");
  const char *path = getenv("FORGETFUL_JOURNAL");
  if (!folder || !path) return;
  folder_length = strlen(folder);
  struct stat found;
  if (stat(folder, &found)) die(folder);
  folder_number = found.st_ino;
  device = found.st_dev;
  REAL(int, open64, const char *, int, ...);
  journal = real_open64(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (journal < 0) die(path);
  snprintf(before_file, sizeof before_file, "%s.before", path);
  snprintf(after_file, sizeof after_file, "%s.after", path);
  snprintf(processes_file, sizeof processes_file, "%s.processes", path);
  FILE *processes = fopen(processes_file, "ae");
  if (!processes || fprintf(processes, "%d\n", getpid()) < 0 || fclose(processes)) die(processes_file);
  ignored = getenv("FORGETFUL_IGNORE_SYNC");
  const char *instant = getenv("FORGETFUL_DIE");
  if (!instant) return;
  dies_before = strncmp(instant, "before:", 7) == 0;
  dies_at = atol(strchr(instant, ':') + 1);
}

/* One call, so that records of several processes do not mix. */
static void note(int kind, ino_t file, uint64_t offset, const char *name, const void *data, size_t length) {
  size_t name_length = name ? strlen(name) : 0;
  struct record head = {kind, getpid(), file, offset, name_length, length};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)name, name_length}, {(void *)data, length}};
  REAL(ssize_t, writev, int, const struct iovec *, int);
  if (real_writev(journal, parts, 3) != (ssize_t)(sizeof head + name_length + length)) die("journal");
}

/* The name within the folder; NULL for any other path. */
static const char *inside(const char *path) {
  if (journal < 0 || strncmp(path, folder, folder_length) || path[folder_length] != '/') return NULL;
  return path + folder_length + 1;
}

/* The file's number if it is one of the folder's: a handle may have been closed behind our back and be something else by now. */
static ino_t ours(int handle) {
  if (journal < 0 || handle < 0 || handle >= HANDLES || !handles[handle]) return 0;
  struct stat found;
  if (!fstat(handle, &found) && found.st_dev == device && found.st_ino == handles[handle]) return found.st_ino;
  return handles[handle] = 0;
}

static int opened(int handle, const char *name, int flags, int was_there) {
  struct stat found;
  if (handle < 0 || handle >= HANDLES || fstat(handle, &found)) return handle;
  handles[handle] = found.st_ino;
  ignores_sync[handle] = ignored && name && !strncmp(name, ignored, strlen(ignored));
  if (!was_there) note(CREATED, found.st_ino, 0, name, NULL, 0);
  else if ((flags & O_TRUNC) && S_ISREG(found.st_mode)) note(SIZED, found.st_ino, 0, NULL, NULL, 0);
  return handle;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    REAL(int, name, const char *, int, ...); \
    const char *own = inside(path); \
    if (!own && !(journal >= 0 && !strcmp(path, folder))) return real_##name(path, flags, mode); \
    pthread_mutex_lock(&lock); \
    struct stat before; \
    int was_there = !own || !stat(path, &before); \
    int handle = opened(real_##name(path, flags, mode), own, flags, was_there); \
    pthread_mutex_unlock(&lock); \
    return handle; \
  }
OPEN(open)
OPEN(open64)

static ssize_t finished(ino_t file, ssize_t done, size_t wanted) {
  if (done != (ssize_t)wanted) note(CAME_SHORT, file, done < 0 ? 0 : done, NULL, NULL, 0);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite64(int handle, const void *data, size_t length, off64_t offset) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  ino_t file = ours(handle);
  if (!file) return real_pwrite64(handle, data, length, offset);
  pthread_mutex_lock(&lock);
  note(WRITTEN, file, offset, NULL, data, length);
  return finished(file, real_pwrite64(handle, data, length, offset), length);
}

ssize_t pwrite(int handle, const void *data, size_t length, off_t offset) {
  return pwrite64(handle, data, length, offset);
}

static off64_t next_offset(int handle) {
  return lseek64(handle, 0, fcntl(handle, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
}

ssize_t write(int handle, const void *data, size_t length) {
  REAL(ssize_t, write, int, const void *, size_t);
  ino_t file = ours(handle);
  if (!file) return real_write(handle, data, length);
  pthread_mutex_lock(&lock);
  note(WRITTEN, file, next_offset(handle), NULL, data, length);
  return finished(file, real_write(handle, data, length), length);
}

static size_t note_parts(ino_t file, off64_t offset, const struct iovec *parts, int count) {
  size_t total = 0;
  for (int part = 0; part < count; total += parts[part++].iov_len)
    note(WRITTEN, file, offset + total, NULL, parts[part].iov_base, parts[part].iov_len);
  return total;
}

ssize_t writev(int handle, const struct iovec *parts, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  ino_t file = ours(handle);
  if (!file) return real_writev(handle, parts, count);
  pthread_mutex_lock(&lock);
  size_t total = note_parts(file, next_offset(handle), parts, count);
  return finished(file, real_writev(handle, parts, count), total);
}

ssize_t pwritev64(int handle, const struct iovec *parts, int count, off64_t offset) {
  REAL(ssize_t, pwritev64, int, const struct iovec *, int, off64_t);
  ino_t file = ours(handle);
  if (!file) return real_pwritev64(handle, parts, count, offset);
  pthread_mutex_lock(&lock);
  size_t total = note_parts(file, offset, parts, count);
  return finished(file, real_pwritev64(handle, parts, count, offset), total);
}

ssize_t pwritev(int handle, const struct iovec *parts, int count, off_t offset) {
  return pwritev64(handle, parts, count, offset);
}

int ftruncate64(int handle, off64_t size) {
  REAL(int, ftruncate64, int, off64_t);
  ino_t file = ours(handle);
  if (!file) return real_ftruncate64(handle, size);
  pthread_mutex_lock(&lock);
  note(SIZED, file, size, NULL, NULL, 0);
  return finished(file, real_ftruncate64(handle, size), 0);
}

int ftruncate(int handle, off_t size) {
  return ftruncate64(handle, size);
}

static void lose_power(int is_before, long number) {
  int is_its_turn = dies_at == number && dies_before == is_before;
  if (!is_its_turn && access(is_before ? before_file : after_file, F_OK)) return;
  FILE *processes = fopen(processes_file, "re");
  int process;
  while (processes && fscanf(processes, "%d", &process) == 1)
    if (process != getpid()) kill(process, SIGKILL);
  kill(getpid(), SIGKILL);
}

static int sync_file(int handle, ino_t file, int (*real)(int)) {
  int is_folder = file == folder_number, is_ignored = ignores_sync[handle];
  pthread_mutex_lock(&lock);
  long number = ++syncs;
  lose_power(1, number);
  uint64_t begun = ++syncs_begun;
  if (!is_ignored) note(is_folder ? FOLDER_SYNC_BEGUN : SYNC_BEGUN, file, begun, NULL, NULL, 0);
  pthread_mutex_unlock(&lock);
  int result = is_ignored ? 0 : real(handle);
  if (!is_ignored && !result) note(is_folder ? FOLDER_SYNC_DONE : SYNC_DONE, file, begun, NULL, NULL, 0);
  lose_power(0, number);
  return result;
}

int fsync(int handle) {
  REAL(int, fsync, int);
  ino_t file = ours(handle);
  return file ? sync_file(handle, file, real_fsync) : real_fsync(handle);
}

int fdatasync(int handle) {
  REAL(int, fdatasync, int);
  ino_t file = ours(handle);
  return file ? sync_file(handle, file, real_fdatasync) : real_fdatasync(handle);
}

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  const char *own = inside(from), *target = inside(to);
  if (!own && !target) return real_rename(from, to);
  if (!own || !target) die("a file was renamed into or out of the folder");
  pthread_mutex_lock(&lock);
  int result = real_rename(from, to);
  if (!result) note(RENAMED, 0, 0, own, target, strlen(target));
  pthread_mutex_unlock(&lock);
  return result;
}

#define REMOVE(name) \
  int name(const char *path) { \
    REAL(int, name, const char *); \
    const char *own = inside(path); \
    if (!own) return real_##name(path); \
    pthread_mutex_lock(&lock); \
    int result = real_##name(path); \
    if (!result) note(REMOVED, 0, 0, own, NULL, 0); \
    pthread_mutex_unlock(&lock); \
    return result; \
  }
REMOVE(unlink)
REMOVE(remove)
