// The sum of an array, by OpenMP.
#include "array.h"

int main(int argc, char **argv) {
    read_arguments(argc, argv);
    fill_randomly();

    double start = now_ms();
    int64_t sum = 0;
#pragma omp parallel for reduction(+ : sum) num_threads(workers)
    for (size_t i = 0; i < len; i++)
        sum += array[i];
    return print_sum(sum, start);
}
