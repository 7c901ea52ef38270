// The sum of an array, by POSIX threads.
#include "array.h"
#include <pthread.h>

struct part {
    size_t first, end;
    int64_t sum;
};

static void *work(void *argument) {
    struct part *part = argument;
    part->sum = sum_of(part->first, part->end);
    return NULL;
}

int main(int argc, char **argv) {
    read_arguments(argc, argv);
    fill_randomly();
    pthread_t *threads = calloc(workers, sizeof *threads);
    struct part *parts = calloc(workers, sizeof *parts);
    if (!threads || !parts)
        die("calloc");

    double start = now_ms();
    for (int i = 0; i < workers; i++) {
        parts[i].first = first_of(i);
        parts[i].end = first_of(i + 1);
        if (pthread_create(&threads[i], NULL, work, &parts[i]))
            die("pthread_create");
    }
    int64_t sum = 0;
    for (int i = 0; i < workers; i++) {
        pthread_join(threads[i], NULL);
        sum += parts[i].sum;
    }
    return print_sum(sum, start);
}
