// What the sum programs in C have in common: their arguments, the array, the
// clock, and the two lines that they print.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define HUGE_PAGE ((size_t)2 << 20)

static int workers;
static size_t len;
static int32_t *array;

static void die(const char *what) {
    perror(what);
    exit(1);
}

// num len small|huge
static void read_arguments(int argc, char **argv) {
    if (argc != 4 || (workers = atoi(argv[1])) < 1 || (len = strtoull(argv[2], NULL, 10)) < 1) {
        fprintf(stderr, "usage: %s num len small|huge\n", argv[0]);
        exit(2);
    }
    size_t bytes = (len * sizeof *array + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    array = aligned_alloc(HUGE_PAGE, bytes);
    if (!array)
        die("aligned_alloc");
    madvise(array, bytes, strcmp(argv[3], "huge") ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
}

static inline void fill_randomly(void) {
    unsigned seed = 42;
    for (size_t i = 0; i < len; i++)
        array[i] = rand_r(&seed) % 1000;
}

static inline int64_t sum_of(size_t first, size_t end) {
    int64_t sum = 0;
    for (size_t i = first; i < end; i++)
        sum += array[i];
    return sum;
}

static inline size_t first_of(int worker) {
    return (size_t)((unsigned __int128)len * worker / workers);
}

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static int print_sum(int64_t sum, double start_ms) {
    double spent = now_ms() - start_ms;
    return printf("Array sum is: %lld\nTime spent: %.3f ms\n", (long long)sum, spent) < 0;
}
