// The limit of a whole program that sums an array: two threads fill it with a constant, and
// then sum it.
#include "array.h"
#include <pthread.h>

static int64_t sums[2];

static void *fill(void *half) {
    for (size_t i = first_of((intptr_t)half); i < first_of((intptr_t)half + 1); i++)
        array[i] = 500;
    return NULL;
}

static void *sum(void *half) {
    sums[(intptr_t)half] = sum_of(first_of((intptr_t)half), first_of((intptr_t)half + 1));
    return NULL;
}

static void by_both(void *(*work)(void *)) {
    pthread_t threads[2];
    for (intptr_t half = 0; half < 2; half++)
        if (pthread_create(&threads[half], NULL, work, (void *)half))
            die("pthread_create");
    for (int half = 0; half < 2; half++)
        pthread_join(threads[half], NULL);
}

int main(int argc, char **argv) {
    read_arguments(argc, argv);
    by_both(fill);
    double start = now_ms();
    by_both(sum);
    return print_sum(sums[0] + sums[1], start);
}
