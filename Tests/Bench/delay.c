// A TCP proxy that makes a network longer: what goes in comes out, in order, MILLISECONDS later in each direction.
//
//   delay LISTEN_PORT HOST PORT MILLISECONDS      listens on 127.0.0.1; says "ready" and runs until it is killed
//
// One poll loop; every chunk waits in a queue with the time at which it may leave. A direction that holds more than
// QUEUE_BYTES_MAX isn't read until it drains, so memory stays bounded.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DIRECTIONS_MAX = 512, CHUNK_BYTES_MAX = 65536, QUEUE_BYTES_MAX = 16 << 20 };

struct chunk {
  struct chunk *next;
  double due;
  size_t length, sent;
  char bytes[];
};

struct direction {
  int from, to, in_use, ended, shut;
  size_t queued;
  struct chunk *first, *last;
};

static struct direction directions[DIRECTIONS_MAX];
static double delay_seconds;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void prepare(int socket) {
  int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(socket, F_SETFL, O_NONBLOCK);
}

static struct sockaddr_in address_of(const char *host, const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) die(host);
  return address;
}

// Directions stand in pairs: 2k goes there, 2k + 1 comes back.
static void open_pair(int listener, const struct sockaddr_in *target) {
  int client = accept(listener, NULL, NULL);
  if (client < 0) return;
  int pair = 0;
  while (pair < DIRECTIONS_MAX && (directions[pair].in_use || directions[pair + 1].in_use)) pair += 2;
  int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (pair >= DIRECTIONS_MAX || server < 0 || connect(server, (const struct sockaddr *)target, sizeof *target) < 0) {
    close(client);
    if (server >= 0) close(server);
    return;
  }
  prepare(client);
  prepare(server);
  directions[pair] = (struct direction){.from = client, .to = server, .in_use = 1};
  directions[pair + 1] = (struct direction){.from = server, .to = client, .in_use = 1};
}

static void receive(struct direction *direction) {
  struct chunk *chunk = malloc(sizeof *chunk + CHUNK_BYTES_MAX);
  if (!chunk) die("malloc");
  ssize_t count = read(direction->from, chunk->bytes, CHUNK_BYTES_MAX);
  if (count <= 0) {
    free(chunk);
    if (count == 0 || errno != EAGAIN) direction->ended = 1;
    return;
  }
  chunk = realloc(chunk, sizeof *chunk + (size_t)count);
  *chunk = (struct chunk){.due = now() + delay_seconds, .length = (size_t)count};
  if (direction->last) direction->last->next = chunk;
  else direction->first = chunk;
  direction->last = chunk;
  direction->queued += (size_t)count;
}

static void drop_first(struct direction *direction) {
  struct chunk *chunk = direction->first;
  direction->queued -= chunk->length;
  direction->first = chunk->next;
  if (!direction->first) direction->last = NULL;
  free(chunk);
}

static void deliver(struct direction *direction) {
  while (direction->first && direction->first->due <= now()) {
    struct chunk *chunk = direction->first;
    ssize_t count = write(direction->to, chunk->bytes + chunk->sent, chunk->length - chunk->sent);
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) direction->ended = 1;
    chunk->sent = count < 0 ? chunk->length : chunk->sent + (size_t)count;
    if (chunk->sent < chunk->length) return;
    drop_first(direction);
  }
  if (direction->ended && !direction->first && !direction->shut) {
    shutdown(direction->to, SHUT_WR);
    direction->shut = 1;
  }
}

static void close_pairs(void) {
  for (int pair = 0; pair < DIRECTIONS_MAX; pair += 2) {
    struct direction *there = &directions[pair], *back = &directions[pair + 1];
    if (!there->in_use || !there->shut || !back->shut) continue;
    close(there->from);
    close(there->to);
    there->in_use = back->in_use = 0;
  }
}

// Fills the set of what to wait for; returns how long at most, in seconds.
static double fill(struct pollfd *polls, int *owners, int *count) {
  double wait = 1;
  for (int index = 0; index < DIRECTIONS_MAX; index++) {
    struct direction *direction = &directions[index];
    if (!direction->in_use) continue;
    if (!direction->ended && direction->queued < QUEUE_BYTES_MAX) {
      owners[*count] = index;
      polls[(*count)++] = (struct pollfd){.fd = direction->from, .events = POLLIN};
    }
    if (!direction->first) continue;
    double left = direction->first->due - now();
    if (left <= 0) {
      owners[*count] = -1;
      polls[(*count)++] = (struct pollfd){.fd = direction->to, .events = POLLOUT};
    } else if (left < wait) {
      wait = left;
    }
  }
  return wait;
}

int main(int count, char **words) {
  if (count != 5) {
    fprintf(stderr, "usage: delay LISTEN_PORT HOST PORT MILLISECONDS\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  delay_seconds = atof(words[4]) / 1e3;
  struct sockaddr_in here = address_of("127.0.0.1", words[1]), target = address_of(words[2], words[3]);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&here, sizeof here) < 0 || listen(listener, 128) < 0) die("listen");
  puts("ready");
  fflush(stdout);
  static struct pollfd polls[2 * DIRECTIONS_MAX + 1];
  static int owners[2 * DIRECTIONS_MAX + 1];
  for (;;) {
    int waiting = 1;
    polls[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    double wait = fill(polls, owners, &waiting);
    struct timespec limit = {.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - (double)(time_t)wait) * 1e9)};
    if (ppoll(polls, (nfds_t)waiting, &limit, NULL) < 0 && errno != EINTR) die("ppoll");
    for (int index = 1; index < waiting; index++)
      if (polls[index].revents && owners[index] >= 0) receive(&directions[owners[index]]);
    for (int index = 0; index < DIRECTIONS_MAX; index++)
      if (directions[index].in_use) deliver(&directions[index]);
    close_pairs();
    if (polls[0].revents) open_pair(listener, &target);
  }
}
