// SPDX-License-Identifier: MIT
// Each thread reads what the other wrote: a race, unless they meet in between. Shows that the thread sanitizer sees a
// race in an OpenMP region, and that the runtime tells it of barriers, forks and joins.
#include <omp.h>

int main() {
  int written[2] = {0, 0};
  int read[2] = {0, 0};
  omp_set_dynamic(0);
#pragma omp parallel num_threads(2)
  {
    const int me = omp_get_thread_num();
    written[me] = me + 1;
#if !SEEDED
#pragma omp barrier
#endif
    read[me] = written[1 - me];
  }
  return read[0] + read[1] == 3 ? 0 : 1;
}
