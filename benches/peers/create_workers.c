// How long it takes to create a worker that does nothing and to wait for it.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void *nothing(void *argument) {
    return argument;
}

static void thread(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL))
        die("thread");
}

static void process(void) {
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        die("process");
}

int main(int argc, char **argv) {
    int count = argc == 3 ? atoi(argv[2]) : 0;
    int is_thread = count > 0 && !strcmp(argv[1], "thread");
    if (!is_thread && (count < 1 || strcmp(argv[1], "process"))) {
        fprintf(stderr, "usage: %s thread|process count\n", argv[0]);
        return 2;
    }
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < count; i++)
        is_thread ? thread() : process();
    clock_gettime(CLOCK_MONOTONIC, &end);
    double ns = (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec);
    return printf("Time spent: %.6f ms\n", ns / count / 1e6) < 0;
}
