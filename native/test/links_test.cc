#include "../net/links.h"

#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "apart.h"

namespace copytax {
namespace {

constexpr char kName[] = "copytaxtest0", kPeer[] = "copytaxtest1";

void GiveUpRights() {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  CHECK(syscall(SYS_capset, &header, none) == 0);
}

/// A namespace may be granted in which interfaces are not.
void PairsAreRefused() {
  GiveUpRights();
  CHECK(CreateVethPair(kName, kPeer) == EPERM && SetLinkUp("lo") != 0);
  CHECK(if_nametoindex(kName) == 0 && if_nametoindex(kPeer) == 0);
}

void PairsAreMade() {
  const int error = unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 ? errno : CreateVethPair(kName, kPeer);
  if (error != 0) {
    printf("SKIPPED: no virtual devices: %s\n", strerror(error));
    return;
  }
  CHECK(if_nametoindex(kName) != 0 && if_nametoindex(kPeer) != 0 && SetLinkUp(kName) == 0);
  CHECK(CreateVethPair(kName, "copytaxtest2") == EEXIST && if_nametoindex("copytaxtest2") == 0);
  GiveUpRights();
  CHECK(CreateVethPair("copytaxtest2", "copytaxtest3") == EPERM && SetLinkUp(kPeer) == EPERM);
}

}  // namespace

void TestLinks(Random&) {
  RunApart(PairsAreRefused);
  RunApart(PairsAreMade);
  CHECK(CreateVethPair("", "x") == EINVAL && CreateVethPair("a name that is too long", "x") == EINVAL);
  CHECK(SetLinkUp("no-such-link") != 0 && AddAddress("no-such-link", 0, 24) != 0);
}

}  // namespace copytax
