#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "app/cli/command.hpp"

namespace {

/// A core dump would hold keys and passwords; nor may another process of the same user attach and read them.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int main(int argc, char** argv) {
  forbid_core_dumps();
  // Databases and keys are made for their owner alone, whatever the shell's umask is.
  ::umask(077);
  std::ios::sync_with_stdio(false);
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool is_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  const bool is_out_terminal = ::isatty(STDOUT_FILENO) == 1;
  chatelaine::app::Console console{std::cin, std::cout, std::cerr, is_terminal, is_out_terminal};
  return static_cast<int>(chatelaine::app::run_command_line(words, console));
}
