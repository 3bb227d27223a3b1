#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "../memory/cgroup_memory.h"
#include "check.h"

namespace copytax {
namespace {

/// A folder that looks like a host: files are written with the folders above them.
class FakeHost {
 public:
  FakeHost() {
    char path[] = "/tmp/copytax-cgroup-XXXXXX";
    CHECK(mkdtemp(path) != nullptr);
    root_ = path;
  }
  ~FakeHost() { CHECK(system(("rm -rf '" + root_ + "'").c_str()) == 0); }

  void Write(const std::string& path, const std::string& text) const {
    const std::string full = root_ + path;
    for (size_t at = root_.size() + 1; (at = full.find('/', at)) != std::string::npos; at++) {
      mkdir(full.substr(0, at).c_str(), 0755);
    }
    FILE* file = fopen(full.c_str(), "w");
    CHECK(file != nullptr && fputs(text.c_str(), file) >= 0);
    fclose(file);
  }
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};

}  // namespace

void TestCgroups(Random&) {
  CgroupAvailableBytes();  // of this host, whatever it is
  const FakeHost none;
  CHECK(CgroupAvailableBytes(none.root()) == -1);
  none.Write("/proc/self/cgroup", "0::/a/b\nnonsense\n");
  CHECK(CgroupAvailableBytes(none.root()) == -1);

  const FakeHost two;
  two.Write("/proc/self/cgroup", "0::/a/b\n");
  two.Write("/sys/fs/cgroup/a/b/memory.max", "max\n");
  two.Write("/sys/fs/cgroup/a/b/memory.current", "10\n");
  CHECK(CgroupAvailableBytes(two.root()) == -1);
  two.Write("/sys/fs/cgroup/a/memory.max", "1000\n");
  two.Write("/sys/fs/cgroup/a/memory.current", "700\n");
  CHECK(CgroupAvailableBytes(two.root()) == 300);
  two.Write("/sys/fs/cgroup/a/memory.stat", "anon 5\nactive_file 20\ninactive_file 30\n");
  CHECK(CgroupAvailableBytes(two.root()) == 350);
  two.Write("/sys/fs/cgroup/a/b/memory.max", "5\n");
  CHECK(CgroupAvailableBytes(two.root()) == 0);

  // Version 1, in a container that sees its own group as the root of the tree.
  const FakeHost one;
  one.Write("/proc/self/cgroup", "3:cpu:/x\n4:memory:/somewhere/else\n");
  one.Write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  one.Write("/sys/fs/cgroup/memory/memory.usage_in_bytes", "100\n");
  CHECK(CgroupAvailableBytes(one.root()) == -1);
  one.Write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "400\n");
  CHECK(CgroupAvailableBytes(one.root()) == 300);
  // Of the group itself, and with those below it, which is what counts as used.
  one.Write("/sys/fs/cgroup/memory/memory.stat", "active_file 7\ntotal_inactive_file 20\ntotal_active_file 30\n");
  CHECK(CgroupAvailableBytes(one.root()) == 350);
}

}  // namespace copytax
