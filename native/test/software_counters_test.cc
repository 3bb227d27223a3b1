// Software events need no counter of the CPU: what Linux grants is counted by the real calls.
#include <dirent.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "../cpu/counters.h"
#include "check.h"

namespace copytax {
namespace {

size_t OpenFiles() {
  size_t files = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (folder != nullptr && readdir(folder) != nullptr) files++;
  if (folder != nullptr) closedir(folder);
  return files;
}

}  // namespace

void TestSoftwareCounters(Random&) {
  const std::vector<CounterEvent> events = {{"taskClock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, true},
                                            {"pageFaults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, true}};
  const size_t files = OpenFiles();
  for (int i = 0; i < 3; i++) {
    Counters closed(events, kCounterCalls);
    if (closed.Open()) CHECK(OpenFiles() == files + 2);
    if (i % 2 == 0) closed.Close();
  }
  CHECK(OpenFiles() == files);
  Counters counters(events, kCounterCalls);
  if (!counters.Open()) {
    printf("SKIPPED: software events are refused: %s\n", strerror(counters.refused()[0].error));
    return;
  }
  CHECK(counters.names().size() == 2);
  CounterReading before[2], counted[2];
  counters.Read(before);
  constexpr size_t kPages = 64;
  const size_t bytes = kPages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(memory != MAP_FAILED && madvise(memory, bytes, MADV_NOHUGEPAGE) <= 0);
  for (size_t i = 0; i < bytes; i += bytes / kPages) static_cast<volatile char*>(memory)[i] = 1;
  counters.Since(before, counted);
  munmap(memory, bytes);
  CHECK(counted[0].value > 0 && counted[0].enabled > 0 && counted[0].running == counted[0].enabled);
  CHECK(counted[1].value >= kPages);
}

}  // namespace copytax
