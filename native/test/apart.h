// A process of its own, for what a test does to all that comes behind it.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "check.h"

namespace copytax {

/// Runs `test` in a process of its own, and fails where that fails.
template <typename Test>
void RunApart(Test test) {
  fflush(stdout);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    test();
    fflush(stdout);
    _exit(0);
  }
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace copytax
