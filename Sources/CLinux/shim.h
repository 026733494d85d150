#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>

/* Declared here: their headers, read with _GNU_SOURCE, contradict the Glibc module. */
extern int pipe2(int descriptors[2], int flags);
extern int posix_openpt(int flags);
extern int grantpt(int descriptor);
extern int unlockpt(int descriptor);
extern int ptsname_r(int descriptor, char *name, unsigned long size);
extern int pidfd_open(int pid, unsigned int flags);
extern int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);
static const short spawn_in_new_session = 0x80; /* POSIX_SPAWN_SETSID */
